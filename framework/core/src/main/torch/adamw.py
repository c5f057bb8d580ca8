# Built one by one: a slice of a list is taken for a fresh one, and what only moves fresh tensors is optimised away.
def part(self, all: List[Tensor], first: int, end: int) -> List[Tensor]:
  some = annotate(List[Tensor], [])
  for i in range(first, end):
    some.append(all[i])
  return some
def step(self, ps: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], averages: List[Tensor], ends: List[int], step: int, lr: float, factor: float, beta1: float, beta2: float, decay: float, eps: float, clip: float, ema: float) -> Tensor:
  norms = annotate(List[Tensor], [])
  for g in gs:
    norms.append(torch.linalg_vector_norm(g))
  norm = torch.linalg_vector_norm(torch.stack(norms))
  if not bool(torch.isfinite(norm)):
    return norm
  if clip > 0.:
    scale = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 1e-06)), clip), None, 1.)
    torch._foreach_mul_(gs, scale)
  count = annotate(List[Tensor], [])
  for p in ps:
    count.append(torch.full([], float(step + 1), dtype=6, device=p.device))
  n = 0
  for group in range(4):
    end = ends[group]
    rate = lr
    if group % 2 == 1:
      rate = lr * factor
    own = 0.
    if group < 2:
      own = decay
    if n < end:
      torch._fused_adamw_(self.part(ps, n, end), self.part(gs, n, end), self.part(ms, n, end), self.part(vs, n, end), [], self.part(count, n, end), lr=rate, beta1=beta1, beta2=beta2, weight_decay=own, eps=eps, amsgrad=False, maximize=False)
    n = end
  if len(averages) > 0:
    torch._foreach_lerp_(averages, ps, 1. - ema)
  return norm
