def unit(self, rows: Tensor) -> Tensor:
  return torch.div(rows, torch.clamp(torch.norm(rows, 2, [-1], True), 1e-12))

def entropy(self, z: Tensor, words: Tensor, weight: float) -> Tensor:
  # ‖z − e‖² / 0.01 is the same for all words but for their cosine, as they are of length 1
  logs = torch.log_softmax(torch.mul(torch.mm(z, words.t()), 200.), 1)  # [n,K]
  p = torch.exp(logs)
  even = torch.mean(p, [0])  # [K]
  sure = torch.neg(torch.mean(torch.sum(torch.mul(p, logs), [1])))
  spread = torch.neg(torch.sum(torch.mul(even, torch.log(torch.add(even, 1e-05)))))
  return torch.mul(torch.sub(sure, spread), weight)
