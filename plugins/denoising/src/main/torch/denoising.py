def start(self, start: Tensor, like: Tensor) -> Tensor:
  return torch.add(torch.zeros_like(like), start)
def denoised(self, s: Tensor, w: Weights, bias: Tensor, gain: Tensor) -> Tensor:
  hidden = torch.silu(torch.add(self.linear(s, w, 0), bias))
  return torch.add(torch.mul(s, gain), self.linear(hidden, w, 1))
def scaled(self, s: Tensor, a: float) -> Tensor:
  return torch.mul(s, a)
def mean(self, s: Tensor, x: Tensor, a: float, b: float) -> Tensor:
  return torch.add(torch.mul(s, a), torch.mul(x, b))
def noise(self, x: Tensor, mean: Tensor, level: float, deviation: float) -> Tensor:
  return torch.div(torch.sub(torch.mul(x, level), mean), deviation)
def drawn(self, mean: Tensor, e: Tensor, deviation: float) -> Tensor:
  return torch.add(mean, torch.mul(e, deviation))
def spread(self, rows: Tensor, deviation: Tensor) -> Tensor:
  return torch.mul(rows, deviation)
def deviation(self, x: Tensor) -> Tensor:
  centred = torch.sub(x, torch.mean(x, [0], True))
  return torch.sqrt(torch.mean(torch.mul(centred, centred), [0]))
