import Autograd

/// The free energy of the data minus that of what the model's Markov chain has come to: its
/// gradient is the update of contrastive divergence, or with persistent chains of stochastic
/// maximum likelihood (Hinton, 2002, equation 5; Tieleman, 2008).
///
/// It is no distance: it may be negative, and its size does not tell how good a model is.
public struct ContrastiveDivergence<Output: HasEnergyGap>: ObjectiveTerm {
    public init() {}

    public var name: String { "contrastiveDivergence" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor { pass.energyGap }
}
