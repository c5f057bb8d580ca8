# One depth's weights stand in this order: row, history, bias; up, down of each block; out.
def said(self, rows: Tensor, told: Tensor, w: Weights) -> Tensor:
  h = torch.silu(torch.add(self.linear(rows, w, 0), told))  # [m,hidden]
  for i in range((len(w[0]) - 4) // 2):
    h = torch.add(h, self.linear(torch.silu(self.linear(h, w, 3 + 2 * i)), w, 4 + 2 * i))
  return torch.add(rows, self.linear(h, w, len(w[0]) - 1))  # [m,c]

def told(self, state: Tensor, w: Weights) -> Tensor:
  return torch.add(self.linear(state, w, 1), (w[0])[2])  # [n,hidden]

def codeword(self, codes: Tensor, state: Tensor, table: Tensor, w: Weights) -> Tensor:
  return self.said(torch.embedding(table, codes), self.told(state, w), w)  # [n,c]

def nearest(self, target: Tensor, state: Tensor, table: Tensor, w: Weights, a: int, candidates: int) -> List[Tensor]:
  codes = annotate(List[Tensor], [])
  words = annotate(List[Tensor], [])
  count = max(candidates, a)
  rows = max(1, 262144 // count)
  for i in range(max(1, (target.size(0) + rows - 1) // rows)):
    t = torch.slice(target.detach(), 0, i * rows, (i + 1) * rows)
    s = torch.slice(state, 0, i * rows, (i + 1) * rows)
    norms = torch.sum(torch.mul(table, table), [1]).unsqueeze(0)  # [1,K]
    far = torch.addmm(norms, t, table.t(), beta=1, alpha=-2)  # [n,K]
    plain = torch.slice((torch.sort(far, stable=True, dim=1, descending=False))[1], 1, 0, count)  # [n,A]
    flat = plain.reshape([-1])
    said = self.said(torch.embedding(table, flat), torch.repeat_interleave(self.told(s, w), count, 0), w)
    said = said.view([t.size(0), count, t.size(1)])  # [n,A,c]
    off = torch.sub(t.unsqueeze(1), torch.slice(said, 1, 0, candidates))
    best = (torch.sort(torch.sum(torch.mul(off, off), [2]), stable=True, dim=1, descending=False))[1]
    order = torch.cat([best, torch.arange(candidates, count, device=t.device).expand([t.size(0), -1])], 1)
    order = torch.slice(order, 1, 0, a)  # [n,a]
    chosen = torch.gather(plain, 1, order)
    codes.append(chosen)
    if a == 1:
      words.append(self.codeword(chosen.squeeze(1), s, table, w).unsqueeze(1))  # equal to decoding, to the last bit
    else:
      words.append(torch.gather(said, 1, order.unsqueeze(2).expand([-1, -1, t.size(1)])))
  return [torch.cat(codes), torch.cat(words)]  # [n,a], [n,a,c]
