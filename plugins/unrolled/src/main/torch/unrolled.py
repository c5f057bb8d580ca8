# One layer's weights stand in this order: attention_norm, wqkv, wo, ffn_norm, w1, w3, w2.
# Tables: classes, positions, depths, then the codes of each depth. Outputs: the last norm, then the matrix of each depth.
def places(self, tables: Weights) -> Tensor:
  return torch.flatten(torch.add((tables[0])[1].unsqueeze(1), (tables[0])[2].unsqueeze(0)), 0, 1)  # [S*D,d]

# Token t stands for the code before code t, or the class, and for the place of code t, which it predicts.
def sequence(self, codes: Tensor, classes: Tensor, tables: Weights) -> Tensor:
  known = annotate(List[Tensor], [])
  for k in range(codes.size(2)):
    known.append(torch.embedding((tables[0])[3 + k], torch.select(codes, 2, k)))  # [b,S,d]
  h = torch.slice(torch.flatten(torch.stack(known, 2), 1, 2), 1, 0, -1)  # [b,S*D-1,d]
  h = torch.cat([torch.embedding((tables[0])[0], classes).unsqueeze(1), h], 1)
  return torch.add(h, self.places(tables))  # [b,S*D,d]

def dropped(self, x: Tensor, share: float, seed: int) -> Tensor:
  g = torch.Generator(device=torch.device("cpu"))
  g.manual_seed(seed)
  # uniform draws are the same on every processor; torch.bernoulli has MKL draw on some
  kept = torch.ge(torch.rand(x.size(), generator=g), share)
  return torch.mul(x, torch.mul(kept.to(x.device), 1. / (1. - share)))

# With a cache [layers,2,rows,heads,S*D,head], h is the token at start alone.
def run(self, h: Tensor, cache: List[Tensor], w: Weights, heads: int, start: int, half: bool, seeds: List[int], share: float) -> Tensor:
  b, t, d = h.size()
  past = annotate(List[Tensor], [])  # keys, values of each layer, [rows,heads,start+1,head]
  fresh = annotate(List[Tensor], [])  # of them the part that is written now
  if len(cache) > 0:
    all = torch.flatten(cache[0], 0, 1)
    past = torch.unbind(torch.slice(all, 3, 0, start + 1))
    fresh = torch.unbind(torch.slice(all, 3, start, start + 1))
  eps = torch.full([1], 1e-05, device=h.device)
  for i in range(len(w[0]) // 7):
    j = 7 * i
    x = self.rms_norm(h, (w[0])[j], eps)
    qkv = self.linear(x, w, j + 1).view([b, t, 3, heads, d // heads])
    if half:
      qkv = qkv.to(15)
    q, k, v = torch.unbind(qkv.transpose(1, 3), 2)  # [b,heads,t,head]
    if len(cache) > 0:
      stored = torch.copy_(fresh[2 * i], k)
      stored = torch.copy_(fresh[2 * i + 1], v)
      k = past[2 * i]
      v = past[2 * i + 1]
    a = torch.scaled_dot_product_attention(q, k, v, None, 0., len(cache) == 0)
    a = self.inner(a.transpose(1, 2).reshape([b, t, d]), w, j + 2)
    if len(seeds) > 0:
      a = self.dropped(a, share, seeds[2 * i])
    h = torch.add(h, a)
    x = self.narrow(self.rms_norm(h, (w[0])[j + 3], eps))
    f = self.inner(torch.mul(torch.silu(self.inner(x, w, j + 4)), self.inner(x, w, j + 5)), w, j + 6)
    if len(seeds) > 0:
      f = self.dropped(f, share, seeds[2 * i + 1])
    h = torch.add(h, f)
  return h  # [b,t,d]

def output(self, h: Tensor, outputs: Weights, depth: int) -> Tensor:
  x = self.rms_norm(h.contiguous(), (outputs[0])[0], torch.full([1], 1e-05, device=h.device))
  return self.linear(x, outputs, 1 + depth)

def logits(self, codes: Tensor, classes: Tensor, tables: Weights, layers: Weights, outputs: Weights, heads: int, half: bool, seeds: List[int], first: List[int], tokens: float, share: float) -> List[Tensor]:
  b, s, n = codes.size()
  h = self.sequence(codes, classes, tables)
  if len(first) > 0:
    h = self.dropped(h, tokens, first[0])
  h = self.run(h, annotate(List[Tensor], []), layers, heads, 0, half, seeds, share).view([b, s, n, -1])
  predicted = annotate(List[Tensor], [])
  for k in range(n):
    predicted.append(self.output(torch.select(h, 2, k), outputs, k))  # [b,S,K]
  return predicted

def losses(self, codes: Tensor, logits: List[Tensor]) -> List[Tensor]:
  losses = annotate(List[Tensor], [])
  right = annotate(List[Tensor], [])
  for k in range(len(logits)):
    x = torch.flatten(logits[k], 0, 1)
    target = torch.flatten(torch.select(codes, 2, k))
    losses.append(torch.cross_entropy_loss(x, target))
    right.append(torch.mean(torch.eq(torch.argmax(x.detach(), 1), target).to(6)))
  return [torch.mean(torch.stack(losses))] + losses + right

def empty(self, like: Tensor, sizes: List[int], half: bool) -> Tensor:
  return torch.zeros(sizes, dtype=15 if half else 6, device=like.device)

def predict(self, before: Tensor, cache: List[Tensor], tables: Weights, layers: Weights, outputs: Weights, heads: int, half: bool, position: int, depth: int) -> Tensor:
  n = len(tables[0]) - 3
  t = n * position + depth
  table = (tables[0])[0] if t == 0 else (tables[0])[3 + (depth - 1) % n]
  place = torch.add(((tables[0])[1])[position], ((tables[0])[2])[depth])
  h = torch.add(torch.embedding(table, before), place).unsqueeze(1)  # [b,1,d]
  h = self.run(h, cache, layers, heads, t, half, annotate(List[int], []), 0.)
  return self.output(torch.select(h, 1, 0), outputs, depth)  # [b,K]
