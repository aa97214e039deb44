#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Which options each source of the tree can see, so that images that agree on those share its object.

    config_words.py FILE...          prints "source: option..." for each .c and .S of the files
    config_words.py --check FOLDER   compares that with what the compiler read, by the .d files below FOLDER

An option counts for a source when its name stands in the source or in a header that it includes, directly or not.
"""
import functools
import pathlib
import re
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent
WORD = re.compile(r"\b(?:CONFIG_[A-Z0-9_]+|K_HEAP_MEM_POOL_SIZE)\b")
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


@functools.lru_cache(None)
def scan(path):
    """(options named in the file, files of the tree that it includes)"""
    text, found = path.read_text(encoding="utf-8"), []
    text = COMMENT_OR_STRING.sub(lambda match: match[0] if match[0][0] == '"' else "", text)
    for quoted, angled in INCLUDE.findall(text):
        places = ([path.parent / quoted] if quoted else []) + [TREE / "include" / (quoted or angled)]
        found += [place.resolve() for place in places if place.is_file()][:1]
    return frozenset(WORD.findall(text)), tuple(found)


def words(source):
    seen, waiting, named = set(), [source.resolve()], set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            own, included = scan(path)
            named |= own
            waiting += included
    return named


def check(folder):
    bad = 0
    for depends in sorted(folder.rglob("*.d")):
        read = depends.read_text(encoding="utf-8").replace("\\\n", " ").split("\n")[0].split(":", 1)[1].split()
        files = [TREE / name for name in read if not name.startswith(("/", "build/", "node_modules/"))]
        source = next((path for path in files if path.suffix in (".c", ".S")), None)
        missed = set().union(*(scan(path)[0] for path in files if path.is_file())) - words(source) if source else ()
        for word in sorted(missed):
            bad = 1
            print(f"{source.relative_to(TREE)} can see {word} by a way that config_words.py does not follow")
    return bad


def main(args):
    if args[:1] == ["--check"]:
        sys.exit(check(pathlib.Path(args[1])))
    for name in args:
        if name.endswith((".c", ".S")):
            print(f"{name}:", *sorted(words(pathlib.Path(name))))


if __name__ == "__main__":
    main(sys.argv[1:])
