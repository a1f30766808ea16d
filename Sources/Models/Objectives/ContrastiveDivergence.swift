import Autograd

/// The free energy of the data minus that of the final state of the model's Markov chain. Its
/// gradient is the update of contrastive divergence or, with persistent chains, of stochastic
/// maximum likelihood (Hinton, 2002, equation 5; Tieleman, 2008).
///
/// It is not a distance: it may be negative, and its value does not measure the quality of a model.
public struct ContrastiveDivergence<Output: HasEnergyGap>: ObjectiveTerm {
    public init() {}

    public var name: String { "contrastiveDivergence" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor { pass.energyGap }
}
