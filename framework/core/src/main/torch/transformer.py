# Embedding tables come as one list entry per depth; a shared table stands in the list once for each.
def classes(self, labels: Tensor, table: Weights) -> Tensor:
  return torch.embedding((table[0])[0], labels).unsqueeze(1)  # [b,1,d]

def captions(self, features: Tensor, withheld: Tensor, w: Weights) -> Tensor:
  x = torch.where(withheld.view([-1, 1, 1]), (w[0])[0], features)  # [b,C,width]
  x = self.linear(x, w, 1)
  t = torch.tanh(torch.mul(torch.add(x, torch.mul(torch.pow(x, 3), 0.044715)), 0.7978845608028654))
  return self.linear(torch.mul(torch.mul(x, 0.5), torch.add(t, 1.)), w, 2)  # [b,C,d], GELU by tanh between

def mask(self, present: Tensor, positions: int) -> Tensor:
  return torch.constant_pad_nd(present, [0, positions], True)  # [b,C+positions]

def embed(self, codes: Tensor, tables: Weights) -> Tensor:
  h = torch.embedding((tables[0])[0], torch.select(codes, 2, 0))
  for k in range(1, codes.size(2)):
    h = torch.add(h, torch.embedding((tables[0])[k], torch.select(codes, 2, k)))
  return h  # [b,t,d]

def position(self, codes: Tensor, at: int, rows: int, tables: Weights) -> Tensor:
  h = self.embed(torch.slice(codes, 1, at, at + 1), tables)
  if rows > codes.size(0):
    h = torch.cat([h, h])
  return h  # [rows,1,d]

def sequence(self, condition: Tensor, codes: Tensor, tables: Weights, dropout: float, seed: int) -> Tensor:
  h = torch.cat([condition, self.embed(torch.slice(codes, 1, 0, codes.size(1) - 1), tables)], 1)
  if dropout > 0.:
    g = torch.Generator(device=torch.device("cpu"))
    g.manual_seed(seed)
    kept = torch.ge(torch.rand(h.size(), generator=g), dropout)
    h = torch.mul(h, torch.mul(kept.to(h.device), 1. / (1. - dropout)))
  return h  # [b,C+S-1,d]

def mean(self, x: Tensor, valid: List[Tensor]) -> Tensor:
  if len(valid) == 0:
    return torch.mean(x)
  counts = valid[0].to(6)
  rows = torch.mean(x.view([counts.size(0), -1]), [1])  # [b]
  return torch.div(torch.sum(torch.mul(rows, counts)), torch.clamp(torch.sum(counts), 1.))

def loss(self, logits: List[Tensor], codes: Tensor, valid: List[Tensor]) -> List[Tensor]:
  losses = annotate(List[Tensor], [])
  right = annotate(List[Tensor], [])
  for k in range(len(logits)):
    x = torch.flatten(logits[k], 0, 1)
    target = torch.flatten(torch.select(codes, 2, k))
    losses.append(self.mean(torch.cross_entropy_loss(x, target, None, 0), valid))
    right.append(self.mean(torch.eq(torch.argmax(x.detach(), 1), target).to(6), valid))
  return [torch.mean(torch.stack(losses))] + losses + right
