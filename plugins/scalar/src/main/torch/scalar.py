def begin(self, mean: Tensor, like: Tensor) -> Tensor:
  return torch.add(torch.zeros_like(like), mean)
def words(self, up: Tensor, scale: Tensor, levels: List[int]) -> Tensor:
  size = 1
  for n in levels:
    size = size * n
  rest = torch.arange(size, device=up.device)
  digits = annotate(List[Tensor], [])
  for n in levels:
    digit = torch.remainder(rest, n).to(6)
    digits.append(torch.sub(torch.mul(digit, 2. / float(n - 1)), 1.))
    rest = torch.floor_divide(rest, n)
  return torch.mul(torch.linear(torch.stack(digits, 1), up), scale)
def mean(self, x: Tensor) -> Tensor:
  return torch.mean(x, [0])
def deviation(self, x: Tensor) -> Tensor:
  centred = torch.sub(x, torch.mean(x, [0], True))
  return torch.sqrt(torch.mean(torch.mul(centred, centred))).reshape([1])
