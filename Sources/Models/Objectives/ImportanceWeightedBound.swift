import Autograd
import Distributions

/// The negative importance-weighted bound, −log 1/k Σ p(x, zᵢ) / q(zᵢ | x) with k draws: with one draw
/// the evidence lower bound, with more of them closer to log p(x) (Burda, Grosse and Salakhutdinov,
/// "Importance Weighted Autoencoders", arXiv:1509.00519, equation 8).
///
/// In groups of draws it is the mean of their bounds, which has less noise in its gradient: with m
/// groups of k draws the MIWAE of Rainforth et al., "Tighter Variational Bounds are Not Necessarily
/// Better", arXiv:1802.04537. The CIWAE of the same paper is a weighted sum of terms:
///
/// ```swift
/// 0.05 * (Reconstruction() + KullbackLeibler()) + 0.95 * ImportanceWeightedBound()
/// ```
public struct ImportanceWeightedBound<Output: HasLikelihood & HasLatentVariables>: ObjectiveTerm {
    /// Into how many groups the draws of a pass are divided.
    public let groups: Int

    /// Traps if the number of groups is not positive.
    public init(groups: Int = 1) {
        guard groups > 0 else { programmerError("ImportanceWeightedBound", "\(groups) groups") }
        self.groups = groups
    }

    public var name: String { importanceWeightedBoundName }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        -pass.importanceWeightedBound(pass.output, groups: groups)
    }
}

/// The importance-weighted bound with the doubly reparameterised gradient of the encoder (Tucker et
/// al., "Doubly Reparameterized Gradient Estimators for Monte Carlo Objectives", arXiv:1810.04152,
/// equation 8): through the codes alone, with the squares of the normalised weights. Its noise does not
/// drown the signal as the number of draws grows. Costs a second pass through the decoder.
public struct DoublyReparameterizedBound<Output: HasGradientPaths>: ObjectiveTerm {
    /// The only one.
    public init() {}

    public var name: String { importanceWeightedBoundName }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let (model, codes) = (pass.output.along(.model), pass.output.along(.codes))
        guard model.draws.logShares == nil else {
            programmerError(
                "DoublyReparameterizedBound",
                "\(model.draws.count) draws with shares: its gradient is that of equal ones")
        }
        let logWeights = model.logWeights(of: pass.target)
        let bound = model.draws.logMean(logWeights).squeezed(axes: [0])
        let shares = stopGradient(model.draws.shares(logWeights))
        let ofCodes = square(shares) * model.draws.separated(codes.logWeights(of: pass.target))
        return -(bound + gradientAlone(ofCodes.sum(axes: [0])))
    }
}

/// The importance-weighted bound of all draws for decoder and prior, and that of groups of them, whose
/// gradient has less noise, for the encoder: the PIWAE of Rainforth et al., arXiv:1802.04537. Costs a
/// second pass through the decoder.
public struct PartiallyImportanceWeightedBound<Output: HasGradientPaths>: ObjectiveTerm {
    /// Into how many groups the draws are divided for the encoder.
    public let groups: Int

    /// Traps if the number of groups is not positive.
    public init(groups: Int) {
        guard groups > 0 else {
            programmerError("PartiallyImportanceWeightedBound", "\(groups) groups")
        }
        self.groups = groups
    }

    public var name: String { importanceWeightedBoundName }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let ofModel = pass.importanceWeightedBound(pass.output.along(.model))
        let ofEncoder = pass.importanceWeightedBound(
            pass.output.along(.encoder), groups: groups)
        return -(ofModel + gradientAlone(ofEncoder))
    }
}

extension ForwardPass where Output: HasLikelihood & HasLatentVariables {
    /// The mean over groups of draws of the logarithms of their mean weights, `[batch]`.
    fileprivate func importanceWeightedBound(_ output: Output, groups: Int = 1) -> Tensor {
        output.draws.logMean(output.logWeights(of: batch.target), groups: groups).mean(axes: [0])
    }
}

/// A tensor that is 0 and has the derivatives of another.
private func gradientAlone(_ x: Tensor) -> Tensor { x - stopGradient(x) }

/// The name under which these bounds are reported.
let importanceWeightedBoundName = "importanceWeightedBound"
