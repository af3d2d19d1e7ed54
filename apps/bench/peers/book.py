"""The book's Listing A.5 in PyTorch, start to finish: 5,000 steps of Adam on batches of 500, with the accuracies.

Takes the digits as `training.py` does; prints the seconds, from the first draw to the last accuracy.
"""

import sys
import time

import numpy as np
import torch

torch.set_num_threads(int(sys.argv[3]))
pixels = torch.from_numpy(np.fromfile(sys.argv[1], dtype=np.uint8).reshape(-1, 784))
labels = torch.from_numpy(np.fromfile(sys.argv[2], dtype=np.uint8).astype(np.int64))
start = time.perf_counter()
torch.manual_seed(1)
w1 = torch.randn(784, 200, requires_grad=True)
w2 = torch.randn(200, 10, requires_grad=True)
optimizer = torch.optim.Adam([w1, w2], lr=0.001)
cross_entropy = torch.nn.CrossEntropyLoss()


def logits(x):
    x = x.float()
    return (x / x.max() @ w1).relu() @ w2


def batch(size):
    chosen = torch.randint(0, len(labels), (size,))
    return pixels[chosen], labels[chosen]


known = batch(10_000)
losses, accuracies = [], []
for step in range(1, 5_001):
    x, y = batch(500)
    optimizer.zero_grad()
    loss = cross_entropy(logits(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if step % 250 == 0:
        with torch.no_grad():
            for some, right in (known, (pixels[:10_000], labels[:10_000])):
                accuracies.append((logits(some).argmax(1) == right).float().mean().item())
print(time.perf_counter() - start)
