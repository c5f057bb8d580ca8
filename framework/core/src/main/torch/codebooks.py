def permuted(self, seed: int, targets: Tensor, size: int) -> Tensor:
  n = targets.shape[0]
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  tiles = 1
  if n < size:
    tiles = (size + n - 1) // n
  order = torch.argsort(torch.rand([n * tiles], generator=g)).to(targets.device)
  noise = torch.rand([n * tiles, targets.shape[1]], generator=g).to(targets.device)
  return self.tiled(targets, order, noise, size)
def tiled(self, targets: Tensor, order: Tensor, noise: Tensor, size: int) -> Tensor:
  t = targets.detach()
  n = t.shape[0]
  if n < size:
    tiles = (size + n - 1) // n
    t = torch.add(t.repeat([tiles, 1]), torch.mul(noise, 0.01 / float(t.shape[1]) ** 0.5))
  return torch.slice(torch.index_select(t, 0, order), 0, 0, size)
def erring(self, seed: int, targets: Tensor, words: Tensor, size: int) -> Tensor:
  n = targets.shape[0]
  t = targets.detach()
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  difference = torch.sub(t, words.detach())
  error = torch.add(torch.sum(torch.mul(difference, difference), [1]), 1e-12)
  race = torch.neg(torch.log(torch.clamp(torch.rand([n], generator=g), 1e-07, None))).to(t.device)
  order = torch.argsort(torch.div(race, error), stable=True, dim=0, descending=False)
  if n < size:
    tiles = (size + n - 1) // n
    noise = torch.rand([n * tiles, t.shape[1]], generator=g).to(t.device)
    t = torch.add(t.repeat([tiles, 1]), torch.mul(noise, 0.01 / float(t.shape[1]) ** 0.5))
    rounds = annotate(List[Tensor], [])
    for i in range(tiles):
      rounds.append(torch.add(order, n * i))
    order = torch.cat(rounds)
  return torch.index_select(t, 0, torch.slice(order, 0, 0, size))
def update(self, table: Tensor, sizes: Tensor, sums: Tensor, restarted: Tensor, targets: Tensor, codes: Tensor, candidates: Tensor, ranked: bool, below: float, decay: float, eps: float) -> Tensor:
  t = targets.detach()
  k = sizes.shape[0]
  hits = torch.bincount(codes, None, k).to(6)
  assigned = torch.index_add(torch.zeros_like(sums), 0, codes, t)
  sizes.mul_(decay).add_(hits, alpha=1. - decay)
  sums.mul_(decay).add_(assigned, alpha=1. - decay)
  restarted.zero_()
  if candidates.shape[0] > 0:
    dead = torch.lt(sizes, below)
    chosen = candidates
    if ranked:
      rank = torch.clamp(torch.sub(torch.cumsum(dead.to(4), 0), 1), 0, None)
      chosen = torch.index_select(candidates, 0, rank)
    sums.copy_(torch.where(dead.unsqueeze(1), chosen, sums))
    sizes.copy_(torch.where(dead, torch.ones_like(sizes), sizes))
    restarted.copy_(torch.sum(dead.to(6)))
  n = torch.sum(sizes)
  smooth = torch.div(torch.mul(torch.add(sizes, eps), n), torch.add(n, float(k) * eps))
  table.detach().copy_(torch.div(sums, smooth.unsqueeze(1)))
  return table
def begin(self, table: Tensor, sizes: Tensor, sums: Tensor, count: float) -> Tensor:
  sizes.fill_(count)
  sums.copy_(table.detach())
  return sums
def place(self, table: Tensor, rows: Tensor, first: int) -> Tensor:
  torch.slice(table.detach(), 0, first, first + rows.shape[0]).copy_(rows)
  return table
def first(self, rows: Tensor, count: int) -> Tensor:
  return torch.slice(rows, 0, 0, count).clone()
def perplexities(self, codes: Tensor, sizes: List[int]) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for k in range(len(sizes)):
    hits = torch.bincount(torch.select(codes, 1, k), None, sizes[k]).to(6)
    p = torch.div(hits, torch.sum(hits))
    found.append(torch.exp(torch.neg(torch.sum(torch.xlogy(p, p)))))
  return found
def joined(self, rows: List[Tensor]) -> Tensor:
  return torch.cat(rows, 0)
def chosen(self, codes: List[Tensor], depths: List[int]) -> Tensor:
  columns = annotate(List[Tensor], [])
  for c in codes:
    for k in depths:
      columns.append(torch.select(c, 1, k))
  return torch.cat(columns, 0)
