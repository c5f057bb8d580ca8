def nearest(self, target: Tensor, table: Tensor, a: int) -> Tuple[Tensor, Tensor]:
  t = target.detach()
  e = table.detach()
  norms = torch.sum(torch.mul(e, e), [1])
  distance = torch.addmm(norms.unsqueeze(0), t, e.t(), beta=1, alpha=-2)
  if a == 1:
    codes = torch.argmin(distance, 1, True)
  else:
    codes = torch.slice((torch.sort(distance, stable=True, dim=1, descending=False))[1], 1, 0, a)
  words = torch.embedding(table, codes)
  return (codes, words)
