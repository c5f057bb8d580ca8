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

def among(self, target: Tensor, state: Tensor, plain: List[Tensor], table: Tensor, w: Weights, a: int, candidates: int) -> List[Tensor]:
  codes = plain[0]  # [n,A], by their rows' distance
  rows = plain[1]  # [n,A,c]
  n, count, c = rows.size()
  chosen = annotate(List[Tensor], [])
  words = annotate(List[Tensor], [])
  part = max(1, 262144 // count)
  for i in range(max(1, (n + part - 1) // part)):
    t = torch.slice(target.detach(), 0, i * part, (i + 1) * part)
    s = torch.slice(state, 0, i * part, (i + 1) * part)
    asked = torch.slice(rows, 0, i * part, (i + 1) * part).reshape([-1, c])
    said = self.said(asked, torch.repeat_interleave(self.told(s, w), count, 0), w).view([-1, count, c])
    off = torch.sub(t.unsqueeze(1), torch.slice(said, 1, 0, candidates))
    best = (torch.sort(torch.sum(torch.mul(off, off), [2]), stable=True, dim=1, descending=False))[1]
    order = torch.cat([best, torch.arange(candidates, count, device=t.device).expand([t.size(0), -1])], 1)
    order = torch.slice(order, 1, 0, a)  # [n,a]
    found = torch.gather(torch.slice(codes, 0, i * part, (i + 1) * part), 1, order)
    chosen.append(found)
    if a == 1:
      words.append(self.codeword(found.squeeze(1), s, table, w).unsqueeze(1))  # equal to decoding, to the last bit
    else:
      words.append(torch.gather(said, 1, order.unsqueeze(2).expand([-1, -1, c])))
  return [torch.cat(chosen), torch.cat(words)]  # [n,a], [n,a,c]
