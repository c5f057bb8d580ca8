def nearest(self, target: Tensor, table: Tensor, a: int) -> Tuple[Tensor, Tensor]:
  t = target.detach()
  e = table.detach()
  norms = torch.sum(torch.mul(e, e), [-1])  # [K] or [n,K]
  if table.dim() == 2:
    distance = torch.addmm(norms.unsqueeze(0), t, e.t(), beta=1, alpha=-2)
  else:
    distance = torch.baddbmm(norms.unsqueeze(1), t.unsqueeze(1), e.transpose(1, 2), beta=1, alpha=-2).squeeze(1)
  if a == 1:
    codes = torch.argmin(distance, 1, True)
  else:
    codes = torch.slice((torch.sort(distance, stable=True, dim=1, descending=False))[1], 1, 0, a)
  if table.dim() == 2:
    words = torch.embedding(table, codes)
  else:
    words = torch.gather(table, 1, codes.unsqueeze(2).expand([-1, -1, table.size(2)]))
  return (codes, words)
