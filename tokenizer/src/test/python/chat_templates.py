"""Makes chat-templates.json and jinja-language.json: what Jinja2 prints, set up as transformers does.

usage: chat_templates.py tokenizer/src/test/resources
needs: pip install 'jinja2>=3.1'

The settings are those of transformers' chat_template_utils: trim_blocks, lstrip_blocks, an immutable
sandbox, loop controls, its own tojson, raise_exception and strftime_now.
"""
import datetime
import json
import pathlib
import sys

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime.datetime(2026, 7, 4, 9, 5, 3)  # the tests set their clock to this


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda f: NOW.strftime(f)
    return env


def render(source, **variables):
    try:
        return {"rendered": environment().from_string(source).render(tools=None, documents=None, **variables)}
    except Exception as e:  # whatever Jinja2 says, ours must fail too
        return {"error": f"{type(e).__name__}: {e}"}


def turns(*pairs):
    return [{"role": r, "content": c} for r, c in pairs]


CONVERSATIONS = {
    "one question": turns(("user", "Hi")),
    "system first": turns(("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello."), ("user", "Bye")),
    "white space": turns(("user", "  Hi\n\n"), ("assistant", "\n Hello \n"), ("user", "\tx ")),
    "thinking": turns(("user", "2+2?"), ("assistant", "<think>\nadd\n</think>\n\n4"), ("user", "3+3?"),
                      ("assistant", "<think>\nsix\n</think>\n\n6")),
    "other scripts": turns(("user", "日本 🙂 'quotes' \"double\" <b>&amp;</b>"), ("assistant", "ok\\n")),
    "two users": turns(("user", "a"), ("user", "b")),
    "assistant first": turns(("assistant", "a"), ("user", "b")),
    "strange role": turns(("user", "a"), ("critic", "b")),
    "tool result": turns(("user", "a"), ("tool", "42"), ("tool", "43"), ("assistant", "b")),
    "nothing": [],
}
TOKENS = {
    "smollm2": ("<|im_start|>", "<|im_end|>"), "llama-3.1": ("<|begin_of_text|>", "<|eot_id|>"),
    "qwen2.5": ("", "<|im_end|>"), "qwen3": ("", "<|im_end|>"), "gemma-2": ("<bos>", "<eos>"),
    "gemma-3": ("<bos>", "<eos>"), "mistral": ("<s>", "</s>"), "mistral-tools": ("<s>", "</s>"),
    "phi-3": ("<s>", "<|endoftext|>"), "granite": ("<|end_of_text|>", "<|end_of_text|>"),
}
EXTRAS = {"qwen3": [{}, {"enable_thinking": False}, {"enable_thinking": True}],
          "llama-3.1": [{}, {"date_string": "01 Jan 2025"}]}


def chat_cases(resources):
    cases = []
    for path in sorted((resources / "chat").glob("*.jinja")):
        bos, eos = TOKENS[path.stem]
        for title, messages in CONVERSATIONS.items():
            for add in (False, True):
                for extra in EXTRAS.get(path.stem, [{}]):
                    variables = dict(extra, **{k: v for k, v in (("bos_token", bos), ("eos_token", eos)) if v})
                    out = render(path.read_text(encoding="utf-8"), messages=messages, add_generation_prompt=add, **variables)
                    cases.append({"template": path.name, "title": title, "bos": bos, "eos": eos, "messages": messages,
                                  "add_generation_prompt": add, "variables": extra, **out})
    return cases


def main(folder):
    resources = pathlib.Path(folder)
    about = {"made_by": "tokenizer/src/test/python/chat_templates.py", "with": f"Jinja2 {jinja2.__version__}"}
    snippets = (resources / "chat" / "language.txt").read_text(encoding="utf-8").split("\n----\n")
    messages = CONVERSATIONS["thinking"]
    variables = dict(messages=messages, n=3, x=1.5, s="  Abc dé 🙂 ", deep={"a": {"b": [1, [2, "x"], {}]}, "e": {}},
                     words=["b", "a", "C", "a"], yes=True, add_generation_prompt=True)
    language = [{"source": s, **render(s, **variables)} for s in snippets]
    variables.pop("messages")
    for name, body in (("chat-templates", {"cases": chat_cases(resources)}),
                       ("jinja-language", {"messages": messages, "variables": variables, "cases": language})):
        (resources / "golden" / f"{name}.json").write_text(
            json.dumps({**about, **body}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
