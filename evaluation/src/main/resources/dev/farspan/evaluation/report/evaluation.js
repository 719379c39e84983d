'use strict';
for (const chart of charts) {
  const drawn = echarts.init(document.getElementById(chart.id), null, { renderer: 'svg' });
  drawn.setOption({
    animation: false,
    color: colours,
    title: { text: chart.title + (chart.log ? ' (log axis)' : ''), textStyle: { fontSize: 15 } },
    tooltip: { trigger: 'axis' },
    legend: { top: 28, type: 'plain' },
    grid: { left: 70, right: 30, top: 80, bottom: 40 },
    xAxis: { type: 'category', data: chart.categories, boundaryGap: chart.categories.length < 2 },
    yAxis: { type: chart.log ? 'log' : 'value', name: chart.unit, scale: true },
    series: chart.series.map(s => ({
      name: s.name, type: 'line', symbolSize: 7, lineStyle: { width: 2 }, data: s.data })),
  });
  window.addEventListener('resize', () => drawn.resize());
}
