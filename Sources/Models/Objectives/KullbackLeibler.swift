import Autograd
import Distributions

/// The Kullback–Leibler divergence of the posterior from its prior, or the sum over all latent
/// variables, in nats: in closed form where one is known, otherwise estimated by the codes drawn.
///
/// With the negative log-likelihood and weight 1 the objective is the negative evidence lower bound
/// (Kingma and Welling, arXiv:1312.6114, equation 3), with weight β that of the β-VAE (Higgins et
/// al., 2017).
public struct KullbackLeibler<Output: HasLatentVariables>: ObjectiveTerm {
    public init() {}

    public var name: String { kullbackLeiblerName }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        pass.output.divergence(samples: pass.batch.count)
    }
}

extension HasLatentVariables {
    /// The sum of the divergences of all latent variables, `[samples]`.
    func divergence(samples: Int) -> Tensor {
        let each = latentVariables.map { overDraws($0.divergence, samples: samples) }
        return each.dropFirst().reduce(each[0], +)
    }

    /// The divergence of each unit of a latent variable, `[samples, units]`.
    func unitDivergence(of latent: LatentVariable, samples: Int) -> Tensor {
        overDraws(latent.unitDivergence, samples: samples)
    }

    /// The mean of that over a batch, `[units]`.
    func meanUnitDivergence(of latent: LatentVariable, samples: Int) -> Tensor {
        unitDivergence(of: latent, samples: samples).mean(axes: [0])
    }

    /// The means over the draws of values of codes, `[rows, …]`, unless there is one for each sample.
    private func overDraws(_ values: Tensor, samples: Int) -> Tensor {
        guard values.shape[0] != samples else { return values }
        // Of what has a closed form there may be one for several draws.
        return draws.mean(Draws(draws.count * samples / values.shape[0]).repeated(values))
    }
}

/// The Kullback–Leibler divergence Σ p log(p / q) of discrete distributions along the last axis,
/// in nats: `[…, outcomes]` becomes `[…]`.
///
/// Outcomes with p = 0 do not contribute; if p > 0 and q = 0 the result is infinite. Neither
/// distribution is normalised. Traps if the shapes differ or are those of scalars.
public func kullbackLeibler(_ p: Tensor, _ q: Tensor) -> Tensor {
    requireEqualShapes("kullbackLeibler", "a distribution", p, "one", q)
    guard p.rank > 0 else { programmerError("kullbackLeibler", "scalars are not distributions") }
    let isImpossible = stopGradient(p) .== 0
    let one = Tensor.ones(like: p)
    let ratio = select(isImpossible, one, p) / select(isImpossible, one, q)
    return (p * log(ratio)).sum(axes: [-1])
}

/// The name under which the divergence is reported.
let kullbackLeiblerName = "kullbackLeibler"
