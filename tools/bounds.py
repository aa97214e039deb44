#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The most instructions that a call can execute, computed from the machine code of a linked Arm image.

    bounds.py [--trips what=n] image.elf function[/failing|/moving][=limit] ...

The bound is the longest path through the function's control-flow graph to its return, the return included; calls and
tail calls are followed. What it rests on:
  - a loop makes at most the trips that its TRIPS_AT_MOST(what, n) says (lib/trips.h), and at most those of --trips; a
    loop without one is an error;
  - invariant_failed() does not return: the paths to it do not count;
  - function/failing counts the paths that store nothing but to the stack: a refused request changes nothing;
  - function/moving counts of memcpy() and memmove() the call and the return alone: moving a user's data is no part of
    the bound. Otherwise they are functions like others, with loops.
An instruction, branch or call that this script does not understand is an error, never a guess.
"""
import sys

from bounds_code import Image, Refused

RETURN, START = -1, -2
HALTS = ("invariant_failed",)
COPIES = ("memcpy", "memmove")
MODES = ("", "failing", "moving")


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
    """edges[u] = [(v, price of executing u and going to v)] of one function; v may be RETURN."""

    def __init__(self, name, edges, trips):
        self.name, self.edges, self.trips = name, edges, trips

    def longest(self, entry):
        self.edges[START] = [(entry, 0)]  # the first instruction may be the head of a loop
        exits = self._leave(set(self.edges), START, None)
        return max((cost for (_, target), cost in exits.items() if target == RETURN), default=None)

    def _leave(self, region, entry, avoid):
        """{(u, v): longest way from the entry through u}, for edges that leave the region or go back to its entry."""
        def inside(node):
            return [v for v, _ in self.edges[node] if v in region and v not in (entry, avoid)]

        exits, arrive = {}, {entry: 0}
        if entry == avoid:
            return exits
        for component in strong_components([entry], inside):
            heads = [node for node in component if node in arrive]
            if len(heads) != 1:
                raise Refused(f"{self.name}: a loop with {len(heads)} entries, one at {max(component):#x}")
            head = heads[0]
            if len(component) == 1 and head not in inside(head):
                ways = {(head, v): price for v, price in sorted(self.edges[head], key=lambda edge: edge[1])}
            else:
                ways = self._loop(component, head)
            for (u, v), cost in ways.items():
                total = arrive[head] + cost
                if v not in region or v == entry:
                    exits[u, v] = max(total, exits.get((u, v), 0))
                elif v != avoid:
                    arrive[v] = max(total, arrive.get(v, 0))
        return exits

    def _loop(self, region, head):
        """As _leave, for a loop: all its trips, then the longest way out."""
        at, trips = self._annotation(region, head)
        whole, before = self._leave(region, head, None), self._leave(region, head, at)
        trip = max(cost for (_, v), cost in whole.items() if v == head)
        exits = {}
        for edge, cost in whole.items():
            if edge[1] != head:
                ways = [max(trips - 1, 0) * trip + cost]
                ways += [trips * trip + before[edge]] if edge in before else []
                exits[edge] = max(ways)
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
        """The bound of the function at address; None when it has no way back to its caller."""
        name = self.image.name(address)
        if name in HALTS:
            return None
        if name in COPIES and mode:
            return 1 if mode == "moving" else None
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
            ways.append((following, 1))
        if instruction.returns:
            ways.append((RETURN, 1))
        if instruction.target in instructions:
            ways.append((instruction.target, 1))
        elif instruction.target is not None:
            ways += self._call(instruction.target, RETURN, mode)
        if instruction.call is not None:
            ways += self._call(instruction.call, following, mode)
            ways += [(following, 1)] if instruction.conditional else []
        return ways

    def _call(self, address, afterwards, mode):
        cost = self.of(address, mode)
        return [] if cost is None else [(afterwards, 1 + cost)]


def main(arguments):
    caps = {}
    while arguments[:1] == ["--trips"] and len(arguments) > 1:
        what, _, n = arguments[1].partition("=")
        caps[what] = int(n)
        arguments = arguments[2:]
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
        over = limit and bound > int(limit)
        wrong += bool(over)
        print(f"{wanted} {bound}" + (f", more than {limit}" if over else ""))
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
