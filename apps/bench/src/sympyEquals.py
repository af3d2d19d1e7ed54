"""Times SymPy's equals on pairs of formulas: a JSON list in, a JSON list of milliseconds (null: not read) out."""
import json
import signal
import sys
import time

import sympy
from sympy.core.cache import clear_cache

LIMIT = int(sys.argv[1])
NAMES = {
    "abs": sympy.Abs, "e": sympy.E, "cbrt": lambda x: sympy.real_root(x, 3), "max": sympy.Max, "min": sympy.Min,
    "lgamma": sympy.loggamma, "relu": lambda x: sympy.Max(x, 0), "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)), "expm1": lambda x: sympy.exp(x) - 1,
    "log1p": lambda x: sympy.log(1 + x), "log10": lambda x: sympy.log(x, 10), "log2": lambda x: sympy.log(x, 2),
}


def stop(*_):
    raise TimeoutError


signal.signal(signal.SIGALRM, stop)
times = []
for pair in json.load(sys.stdin):
    clear_cache()
    kind = lambda name: {"positive": True} if name in pair["positive"] else {"real": True}
    symbols = {name: sympy.Symbol(name, **kind(name)) for name in pair["names"]}
    try:
        left, right = (
            sympy.sympify(pair[side].replace("^", "**"), locals={**NAMES, **symbols}) for side in ("left", "right")
        )
        if any(isinstance(f, sympy.core.function.AppliedUndef) for f in sympy.preorder_traversal(left - right)):
            raise ValueError("a function that SymPy does not know")
    except Exception:
        times.append(None)
        continue
    start = time.perf_counter()
    try:
        signal.alarm(LIMIT)
        left.equals(right)
    except Exception:
        pass
    finally:
        signal.alarm(0)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times))
