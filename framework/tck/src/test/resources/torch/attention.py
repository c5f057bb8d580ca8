def layer(self, h: Tensor, state: List[Tensor], masks: List[Tensor], w: Weights, j: int, i: int, start: int, cached: bool, seeds: List[int]) -> Tensor:
  b, t, d = h.size()
  end = start + t
  x = torch.add(h, torch.slice(state[0], 0, start, end))
  q, k, v = torch.unbind(self.linear(x, w, j).view([b, t, 3, d]), 2)  # [b,t,d]
  if cached:
    cache = torch.select(state[1], 0, i)  # [2,b,s,d]
    stored = torch.copy_(torch.slice(cache, 2, start, end), torch.stack([k, v]))
    k, v = torch.unbind(torch.slice(cache, 2, 0, end))
  seen = torch.tril(torch.ones([t, end], dtype=11), start)  # [t,n]
  if len(masks) > 0:
    itself = torch.triu(seen, start)
    seen = torch.logical_and(seen, torch.logical_or(itself, torch.slice(masks[0], 1, 0, end).unsqueeze(1)))
  a = self.linear(torch.scaled_dot_product_attention(q, k, v, seen, 0., False), w, j + 1)
  if len(seeds) > 0:
    g = torch.Generator(device=torch.device("cpu"))
    g.manual_seed(seeds[0])
    a = torch.mul(a, torch.bernoulli_(torch.empty(a.size()), 0.5, generator=g))
  return torch.add(h, a)
def norm(self, h: Tensor, weight: Tensor) -> Tensor:
  return torch.rms_norm(h, [h.size(2)], weight, 1e-05)

def reach(self, h: Tensor, state: List[Tensor], masks: List[Tensor], w: Weights, first: int, last: int, start: int, cached: bool, seeds: List[int], head: Weights) -> List[Tensor]:
  for n in range(last - first):
    h = self.layer(h, state, masks, w, 2 * n, first + n, start, cached, seeds[n:n + 1])
  return [h, self.norm(h, (head[0])[0])]
