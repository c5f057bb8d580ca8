def step(self, ps: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], averages: List[Tensor], decaying: int, step: int, lr: float, beta1: float, beta2: float, decay: float, eps: float, clip: float, ema: float) -> Tensor:
  norms = annotate(List[Tensor], [])
  for g in gs:
    norms.append(torch.linalg_vector_norm(g))
  norm = torch.linalg_vector_norm(torch.stack(norms))
  if clip > 0.:
    scale = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 1e-06)), clip), None, 1.)
    torch._foreach_mul_(gs, scale)
  count = annotate(List[Tensor], [])
  for p in ps:
    count.append(torch.full([], float(step + 1), dtype=6, device=p.device))
  n = decaying
  if n > 0:
    torch._fused_adamw_(ps[:n], gs[:n], ms[:n], vs[:n], [], count[:n], lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
  if n < len(ps):
    torch._fused_adamw_(ps[n:], gs[n:], ms[n:], vs[n:], [], count[n:], lr=lr, beta1=beta1, beta2=beta2, weight_decay=0., eps=eps, amsgrad=False, maximize=False)
  if len(averages) > 0:
    torch._foreach_lerp_(averages, ps, 1. - ema)
  return norm
