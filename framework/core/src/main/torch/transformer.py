# Embedding tables come as one list entry per depth; a shared table stands in the list once for each.
def condition(self, labels: Tensor, classes: Weights) -> Tensor:
  return torch.embedding((classes[0])[0], labels).unsqueeze(1)  # [b,1,d]

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

def sequence(self, labels: Tensor, codes: Tensor, classes: Weights, tables: Weights, dropout: float, seed: int) -> Tensor:
  h = torch.cat([self.condition(labels, classes), self.embed(torch.slice(codes, 1, 0, codes.size(1) - 1), tables)], 1)
  if dropout > 0.:
    g = torch.Generator(device=torch.device("cpu"))
    g.manual_seed(seed)
    kept = torch.ge(torch.rand(h.size(), generator=g), dropout)
    h = torch.mul(torch.mul(h, kept.to(h.device)), 1. / (1. - dropout))
  return h  # [b,S,d]

def logits(self, h: Tensor, output: Weights) -> Tensor:
  return self.linear(h, output, 0)  # [b,t,K]

def feed(self, h: Tensor, code: Tensor, table: Weights) -> Tensor:
  return torch.add(h, torch.embedding((table[0])[0], code))  # [b,t,d]

def loss(self, logits: List[Tensor], codes: Tensor) -> List[Tensor]:
  losses = annotate(List[Tensor], [])
  right = annotate(List[Tensor], [])
  for k in range(len(logits)):
    x = torch.flatten(logits[k], 0, 1)
    target = torch.flatten(torch.select(codes, 2, k))
    losses.append(torch.cross_entropy_loss(x, target))
    right.append(torch.mean(torch.eq(torch.argmax(x.detach(), 1), target).to(6)))
  return [torch.mean(torch.stack(losses))] + losses + right
