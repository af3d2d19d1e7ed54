"""Training steps of the 784-200-10 net with Adam in PyTorch and NumPy: one line of JSON for each line asked for.

Reads `{"peer": "torch" | "numpy", "threads": n, "batch": n, "steps": n}` lines from standard input; the digits are the
file given first, rows of 784 float32 pixels, their labels the file given second, one byte each.
"""

import json
import sys
import time

import numpy as np

pixels = np.fromfile(sys.argv[1], dtype=np.float32).reshape(-1, 784)
labels = np.fromfile(sys.argv[2], dtype=np.uint8).astype(np.int64)
rng = np.random.default_rng(1)


def batches(batch, steps):
    for _ in range(steps):
        chosen = rng.integers(0, len(pixels), batch)
        yield pixels[chosen], labels[chosen]


def torch_steps(threads, batch, steps):
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Linear(784, 200), torch.nn.ReLU(), torch.nn.Linear(200, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    loss = torch.nn.CrossEntropyLoss()
    data = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches(batch, 50)]

    def step(x, y):
        optimizer.zero_grad()
        value = loss(net(x), y)
        value.backward()
        optimizer.step()
        return value.item()

    return times(step, data, steps)


def numpy_steps(threads, batch, steps):
    w1 = (rng.standard_normal((784, 200)) * np.sqrt(2 / 784)).astype(np.float32)
    w2 = (rng.standard_normal((200, 10)) * np.sqrt(2 / 200)).astype(np.float32)
    params = [w1, np.zeros(200, np.float32), w2, np.zeros(10, np.float32)]
    first = [np.zeros_like(p) for p in params]
    second = [np.zeros_like(p) for p in params]
    count = 0

    def step(x, y):
        nonlocal count
        count += 1
        w1, b1, w2, b2 = params
        h = np.maximum(x @ w1 + b1, 0)
        z = h @ w2 + b2
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        s = e / e.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        value = -np.log(s[rows, y]).mean()
        s[rows, y] -= 1
        s /= len(y)
        dh = s @ w2.T
        dh[h <= 0] = 0
        gradients = [x.T @ dh, dh.sum(axis=0), h.T @ s, s.sum(axis=0)]
        rate = np.float32(0.001 * np.sqrt(1 - 0.999**count) / (1 - 0.9**count))
        for p, g, m, v in zip(params, gradients, first, second):
            m *= np.float32(0.9)
            m += np.float32(0.1) * g
            v *= np.float32(0.999)
            v += np.float32(0.001) * g * g
            p -= rate * m / (np.sqrt(v) + np.float32(1e-8))
        return value

    return times(step, list(batches(batch, 50)), steps)


def times(step, data, steps):
    for x, y in data[:20]:
        step(x, y)
    taken = []
    for i in range(steps):
        start = time.perf_counter()
        step(*data[i % len(data)])
        taken.append(time.perf_counter() - start)
    return {"median": 1000 * float(np.median(taken)), "least": 1000 * min(taken)}


for line in sys.stdin:
    request = json.loads(line)
    run = torch_steps if request["peer"] == "torch" else numpy_steps
    print(json.dumps(run(request["threads"], request["batch"], request["steps"])), flush=True)
