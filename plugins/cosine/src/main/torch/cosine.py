def unit(self, rows: Tensor) -> Tensor:
  return torch.div(rows, torch.clamp(torch.norm(rows, 2, [-1], True), 1e-12))

def entropy(self, z: Tensor, words: Tensor, weight: float) -> Tensor:
  squares = torch.add(torch.sum(torch.mul(z, z), [1], True), torch.sum(torch.mul(words, words), [1]))  # [n,K]
  distance = torch.sub(squares, torch.mul(torch.mm(z, words.t()), 2.))
  logs = torch.log_softmax(torch.mul(distance, -100.), 1)
  p = torch.exp(logs)
  even = torch.mean(p, [0])  # [K]
  sure = torch.neg(torch.mean(torch.sum(torch.mul(p, logs), [1])))
  spread = torch.neg(torch.sum(torch.mul(even, torch.log(torch.add(even, 1e-05)))))
  return torch.mul(torch.sub(sure, spread), weight)
