def begin(self, mean: Tensor, like: Tensor) -> Tensor:
  return torch.add(torch.zeros_like(like), mean)
def steps(self, rows: Tensor, step: Tensor) -> Tensor:
  length = torch.sqrt(torch.sum(torch.mul(rows, rows), [1], True))
  return torch.mul(torch.div(rows, length), step)
def mean(self, x: Tensor) -> Tensor:
  return torch.mean(x, [0])
def length(self, left: Tensor, words: Tensor) -> Tensor:
  unit = torch.div(words, torch.sqrt(torch.sum(torch.mul(words, words), [1], True)))
  return torch.clamp(torch.mean(torch.sum(torch.mul(left, unit), [1])), 1e-06, None).reshape([1])
