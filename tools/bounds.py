#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The most instructions that a call can execute, computed from the machine code of a linked Arm image.

    bounds.py [--calls] [--trips what=n] image.elf function[/failing|/moving][=limit] ...

The bound is the longest path through the function's control-flow graph to its return, the return included; calls and
tail calls are followed. What it rests on:
  - a loop makes at most the trips that its TRIPS_AT_MOST(what, n) says (lib/trips.h), and at most those of --trips; a
    loop without one is an error;
  - invariant_failed() does not return: the paths to it do not count;
  - function/failing counts the paths that store nothing but to the stack: a refused request changes nothing;
  - function/moving counts of memcpy() and memmove() the call and the return alone: moving a user's data is no part of
    the bound. Otherwise they are functions like others, with loops.
An instruction, branch or call that this script does not understand is an error, never a guess. --calls shows below each
bound what it is made of: the calls on the longest path and the instructions between them.
"""
import itertools
import sys
from typing import NamedTuple

from bounds_code import Image, Refused

RETURN, START = -1, -2
HALTS = ("invariant_failed",)
COPIES = ("memcpy", "memmove")
MODES = ("", "failing", "moving")


class Way(NamedTuple):
    """A way through code: instructions executed, and the calls (function, mode) among them."""
    cost: int
    calls: tuple = ()

    def then(self, other):
        return Way(self.cost + other.cost, self.calls + other.calls)

    def times(self, n):
        return Way(self.cost * n, self.calls * n)


def longest_of(ways):
    return max(ways, key=lambda way: way.cost, default=None)


def strong_components(nodes, successors):
    """Strongly connected components in topological order (Tarjan's algorithm without recursion)."""
    index, low, on_stack, stack, result = {}, {}, set(), [], []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(successors(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, children = work[-1]
            for child in children:
                if child not in index:
                    index[child] = low[child] = len(index)
                    stack.append(child)
                    on_stack.add(child)
                    work.append((child, iter(successors(child))))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    result.append(set(stack[at:]))
                    on_stack -= result[-1]
                    del stack[at:]
    return result[::-1]


class Graph:
    """edges[u] = [(v, way of executing u and going to v)] of one function; v may be RETURN."""

    def __init__(self, name, edges, trips):
        self.name, self.edges, self.trips = name, edges, trips

    def longest(self, entry):
        self.edges[START] = [(entry, Way(0))]  # the first instruction may be the head of a loop
        exits = self._leave(set(self.edges), START, None)
        return longest_of(way for (_, target), way in exits.items() if target == RETURN)

    def _leave(self, region, entry, avoid):
        """{(u, v): longest way from the entry through u}, for edges that leave the region or go back to its entry."""
        def inside(node):
            return [v for v, _ in self.edges[node] if v in region and v not in (entry, avoid)]

        exits, arrive = {}, {entry: Way(0)}
        if entry == avoid:
            return exits
        for component in strong_components([entry], inside):
            heads = [node for node in component if node in arrive]
            if len(heads) != 1:
                raise Refused(f"{self.name}: a loop with {len(heads)} entries, one at {max(component):#x}")
            head = heads[0]
            if len(component) == 1 and head not in inside(head):
                ways = {}
                for v, way in self.edges[head]:
                    ways[head, v] = longest_of([way, ways.get((head, v), way)])
            else:
                ways = self._loop(component, head)
            for (u, v), way in ways.items():
                total = arrive[head].then(way)
                if v not in region or v == entry:
                    exits[u, v] = longest_of([total, exits.get((u, v), total)])
                elif v != avoid:
                    arrive[v] = longest_of([total, arrive.get(v, total)])
        return exits

    def _loop(self, region, head):
        """As _leave, for a loop: all its trips, then the longest way out."""
        at, trips = self._annotation(region, head)
        whole, before = self._leave(region, head, None), self._leave(region, head, at)
        trip = longest_of(way for (_, v), way in whole.items() if v == head)
        exits = {}
        for edge, way in whole.items():
            if edge[1] != head:
                ways = [trip.times(max(trips - 1, 0)).then(way)]
                ways += [trip.times(trips).then(before[edge])] if edge in before else []
                exits[edge] = longest_of(ways)
        return exits

    def _annotation(self, region, head):
        """Where the loop's trips are counted and how many there are: a place that every trip passes exactly once."""
        def ahead(node):
            return [v for v, _ in self.edges[node] if v in region and v != head]

        inner = [c for c in strong_components([head], ahead) if len(c) > 1 or c <= set(ahead(*c))]
        nested = set().union(*inner)
        for node in sorted(region - nested):
            if len(self.trips.get(node, [])) > 1:
                raise Refused(f"{self.name}: two TRIPS_AT_MOST at {node:#x}")
            if node in self.trips and not any(v == head for _, v in self._leave(region, head, node)):
                return node, self.trips[node][0]
        raise Refused(f"{self.name}: the loop at {head:#x} does not say how many trips it makes")


class Bounds:
    def __init__(self, image, caps):
        self.image = image
        self.trips = {at: [min(n, caps.get(what, n)) for what, n in loops] for at, loops in image.trips.items()}
        self._known, self._open = {}, []

    def of(self, address, mode):
        """The longest way through the function at address; None when it has no way back to its caller."""
        name = self.image.name(address)
        if name in HALTS:
            return None
        if name in COPIES and mode:
            return Way(1) if mode == "moving" else None
        key = address, mode
        if key not in self._known:
            if not self.image.is_function(address):
                raise Refused(f"{address:#x} is not the start of a function")
            if key in self._open:
                raise Refused(f"{name} calls itself")
            self._open.append(key)
            try:
                self._known[key] = Graph(name, self._edges(address, mode), self.trips).longest(address)
            finally:
                self._open.pop()
        return self._known[key]

    def explain(self, address, mode, indent=1):
        """Lines that say what the bound of a function is made of."""
        way = self.of(address, mode)
        own = way.cost - sum(self.of(callee, mode).cost for callee in way.calls)
        lines = [f"{'    ' * indent}{own} itself"] if way.calls else []
        for callee, group in itertools.groupby(way.calls):
            times = len(list(group))
            lines.append(f"{'    ' * indent}{f'{times} x ' if times > 1 else ''}{self.of(callee, mode).cost} "
                         f"{self.image.name(callee)}")
            lines += self.explain(callee, mode, indent + 1)
        return lines

    def _edges(self, address, mode):
        code = self.image.code(address)
        after = dict(zip((where for where, _ in code), [where for where, _ in code[1:]]))
        reached, work = {}, [address]
        instructions = dict(code)
        while work:
            where = work.pop()
            if where in reached:
                continue
            if instructions.get(where) is None:
                raise Refused(f"{self.image.name(address)}: control reaches data or the function's end")
            reached[where] = self._ways(instructions[where], instructions, after.get(where), mode)
            work += [v for v, _ in reached[where] if v != RETURN]
        return reached

    def _ways(self, instruction, instructions, following, mode):
        """[(next, price)] of one instruction."""
        if mode == "failing" and instruction.stores and not instruction.conditional:
            return []
        if mode == "failing" and instruction.takes_stack_address():
            raise Refused(f"{instruction.text}: a store through this register could be one to the stack")
        ways = []
        if instruction.falls_through and instruction.call is None:
            ways.append((following, Way(1)))
        if instruction.returns:
            ways.append((RETURN, Way(1)))
        if instruction.target in instructions:
            ways.append((instruction.target, Way(1)))
        elif instruction.target is not None:
            ways += self._call(instruction.target, RETURN, mode)
        if instruction.call is not None:
            ways += self._call(instruction.call, following, mode)
            ways += [(following, Way(1))] if instruction.conditional else []
        return ways

    def _call(self, address, afterwards, mode):
        way = self.of(address, mode)
        return [] if way is None else [(afterwards, Way(1 + way.cost, (address,)))]


def options(arguments):
    """(whether to show calls, {what: trips}, the other arguments)"""
    calls, caps = False, {}
    while arguments and arguments[0].startswith("--"):
        if arguments[0] == "--calls":
            calls, arguments = True, arguments[1:]
        elif arguments[0] == "--trips" and len(arguments) > 1 and "=" in arguments[1]:
            what, _, n = arguments[1].partition("=")
            caps[what], arguments = int(n), arguments[2:]
        else:
            sys.exit(__doc__)
    return calls, caps, arguments


def main(arguments):
    calls, caps, arguments = options(arguments)
    if len(arguments) < 2:
        sys.exit(__doc__)
    image, wrong = Image(arguments[0]), 0
    bounds = Bounds(image, caps)
    for word in arguments[1:]:
        wanted, _, limit = word.partition("=")
        name, _, mode = wanted.partition("/")
        try:
            if name not in image.address_of or mode not in MODES:
                raise Refused(f"there is no function {wanted} in {arguments[0]}")
            bound = bounds.of(image.address_of[name], mode)
            if bound is None:
                raise Refused(f"{wanted} never returns")
        except Refused as reason:
            print(f"{wanted} none: {reason}")
            wrong += 1
            continue
        over = limit and bound.cost > int(limit)
        wrong += bool(over)
        print(f"{wanted} {bound.cost}" + (f", more than {limit}" if over else ""))
        if calls:
            print("\n".join(bounds.explain(image.address_of[name], mode)))
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
