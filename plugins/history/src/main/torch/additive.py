def search(self, x: Tensor, tables: List[Tensor], beam: int) -> Tensor:
  widest = 1
  for t in tables:
    widest = max(widest, t.size(0))
  parts = annotate(List[Tensor], [])
  for part in torch.split(x, max(1, 4194304 // (beam * widest))):
    parts.append(self.paths(part, tables, beam))
  return torch.cat(parts)  # [n,D]

def paths(self, x: Tensor, tables: List[Tensor], beam: int) -> Tensor:
  n, c = x.size()
  codes = torch.zeros([n, 1, 0], dtype=4, device=x.device)
  rest = x.unsqueeze(1)  # [n,b,c]
  for t in tables:
    norms = torch.sum(torch.mul(t, t), [1])  # [K]
    far = self.dense(torch.mul(rest.reshape([-1, c]), -2.), t, norms).view([n, -1, t.size(0)])
    far = torch.add(far, torch.sum(torch.mul(rest, rest), [2], True)).view([n, -1])  # [n,b·K]
    if beam == 1:
      kept = (torch.min(far, 1, True))[1]
    else:
      kept = (torch.topk(far, min(beam, far.size(1)), 1, False))[1]
    path = torch.floor_divide(kept, t.size(0)).unsqueeze(2)  # [n,b,1]
    code = torch.remainder(kept, t.size(0))  # [n,b]
    codes = torch.cat([torch.gather(codes, 1, path.expand([-1, -1, codes.size(2)])), code.unsqueeze(2)], 2)
    rest = torch.sub(torch.gather(rest, 1, path.expand([-1, -1, c])), torch.embedding(t, code))
  best = torch.argmin(torch.sum(torch.mul(rest, rest), [2]), 1, True).unsqueeze(2)  # [n,1,1]
  return torch.gather(codes, 1, best.expand([-1, -1, codes.size(2)])).squeeze(1)  # [n,D]

def start(self, seed: int, x: Tensor, sizes: List[int]) -> List[Tensor]:
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  n = x.size(0)
  rest = x
  tables = annotate(List[Tensor], [])
  for size in sizes:
    rows = torch.remainder(torch.arange(size, device=x.device), n)
    drawn = torch.argsort(torch.rand([n], generator=g)).to(x.device)
    t = torch.index_select(rest, 0, torch.index_select(drawn, 0, rows))  # [K,c]
    for round in range(25):
      codes = torch.select(self.search(rest, [t], 1), 1, 0)  # [n]
      hits = torch.bincount(codes, None, size)  # [K]
      off = torch.sub(rest, torch.embedding(t, codes))  # [n,c]
      t = torch.div(torch.index_add(torch.zeros_like(t), 0, codes, rest), torch.clamp(hits, 1).unsqueeze(1))
      t = self.revived(seed + round, t, hits, off, rest)
    rest = torch.sub(rest, torch.embedding(t, torch.select(self.search(rest, [t], 1), 1, 0)))
    tables.append(t)
  return tables

def revived(self, seed: int, t: Tensor, hits: Tensor, off: Tensor, targets: Tensor) -> Tensor:
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  race = torch.neg(torch.log(torch.clamp(torch.rand([off.size(0)], generator=g), 1e-07))).to(off.device)
  order = torch.argsort(torch.div(race, torch.add(torch.sum(torch.mul(off, off), [1]), 1e-12)))  # [n]
  dead = torch.eq(hits, 0)  # [K]
  rank = torch.remainder(torch.clamp(torch.sub(torch.cumsum(dead.to(4), 0), 1), 0), off.size(0))
  drawn = torch.index_select(targets, 0, torch.index_select(order, 0, rank))
  return torch.where(dead.unsqueeze(1), drawn, t)  # [K,c]

def round(self, seed: int, x: Tensor, tables: List[Tensor], beam: int, ridge: float, prefix: float) -> List[Tensor]:
  codes = self.search(x, tables, beam)  # [n,D]
  order = self.order(codes, tables)
  ordered = annotate(List[Tensor], [])
  for k in order:
    ordered.append(tables[k])
  codes = torch.index_select(codes, 1, torch.tensor(order, device=x.device))
  return self.revive(seed, x, codes, self.solve(x, codes, ordered, ridge, prefix))

def order(self, codes: Tensor, tables: List[Tensor]) -> List[int]:
  powers = annotate(List[Tensor], [])
  same = True
  for k in range(len(tables)):
    same = same and tables[k].size(0) == tables[0].size(0)
    said = torch.embedding(tables[k], torch.select(codes, 1, k))  # [n,c]
    powers.append(torch.mean(torch.mul(said, said)))
  found = annotate(List[int], [])
  coarse = torch.argsort(torch.stack(powers), stable=True, dim=0, descending=True)
  for k in range(len(tables)):
    found.append(int(coarse[k]) if same else k)
  return found

def solve(self, x: Tensor, codes: Tensor, tables: List[Tensor], ridge: float, prefix: float) -> List[Tensor]:
  depth = len(tables)
  before = torch.cat(tables).to(7)  # [ΣK,c]
  gram = torch.diag(torch.full([before.size(0)], ridge, dtype=7, device=x.device))  # [ΣK,ΣK]
  sums = torch.mul(before, ridge)  # [ΣK,c]
  sizes = annotate(List[int], [])
  first = 0
  for j in range(depth):
    one = torch.select(codes, 1, j)  # [n]
    rows = tables[j].size(0)
    torch.slice(sums, 0, first, first + rows).index_add_(0, one, x.to(7), alpha=1. + prefix * (depth - 1 - j))
    second = 0
    for l in range(depth):
      columns = tables[l].size(0)
      other = torch.add(torch.mul(one, columns), torch.select(codes, 1, l))
      both = torch.bincount(other, None, rows * columns).view([rows, columns])
      block = torch.slice(torch.slice(gram, 0, first, first + rows), 1, second, second + columns)
      block.add_(both.to(7), alpha=1. + prefix * (depth - 1 - max(j, l)))
      second = second + columns
    first = first + rows
    sizes.append(rows)
  solved = torch.cholesky_solve(sums, torch.linalg_cholesky(gram)).to(6)  # [ΣK,c]
  return torch.split_with_sizes(solved, sizes)

def revive(self, seed: int, x: Tensor, codes: Tensor, tables: List[Tensor]) -> List[Tensor]:
  off = x
  for k in range(len(tables)):
    off = torch.sub(off, torch.embedding(tables[k], torch.select(codes, 1, k)))
  all = annotate(List[Tensor], [])
  for k in range(len(tables)):
    code = torch.select(codes, 1, k)  # [n]
    wanted = torch.add(off, torch.embedding(tables[k], code))  # [n,c], what the others leave over
    hits = torch.bincount(code, None, tables[k].size(0))  # [K]
    all.append(self.revived(seed + k, tables[k], hits, off, wanted))
  return all
