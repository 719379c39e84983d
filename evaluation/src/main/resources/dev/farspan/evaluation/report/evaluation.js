'use strict';
// How many rows the names take: a letter of 12 px, and 40 px for each line's sign and gap.
const legendRows = (names, width) => {
  let rows = 1;
  let at = 0;
  for (const name of names) {
    const wide = 40 + 7 * name.length;
    if (at > 0 && at + wide > width) {
      rows++;
      at = 0;
    }
    at += wide;
  }
  return rows;
};
for (const chart of charts) {
  const place = document.getElementById(chart.id);
  const drawn = echarts.init(place, null, { renderer: 'svg' });
  const rows = legendRows(chart.series.map(s => s.name), place.clientWidth - 20);
  drawn.setOption({
    animation: false,
    color: colours,
    title: { text: `${chart.title}, ${chart.unit}${chart.log ? ', log axis' : ''}`, textStyle: { fontSize: 15 } },
    tooltip: { trigger: 'axis' },
    legend: { top: 28, type: 'plain' },
    grid: { left: 70, right: 30, top: 40 + 24 * rows, bottom: 40 },
    xAxis: { type: 'category', data: chart.categories, boundaryGap: chart.categories.length < 2 },
    yAxis: { type: chart.log ? 'log' : 'value', min: chart.least, max: chart.most, scale: true },
    series: chart.series.map(s => ({
      name: s.name, type: 'line', symbolSize: 7, lineStyle: { width: 2 }, data: s.data })),
  });
  window.addEventListener('resize', () => drawn.resize());
}
