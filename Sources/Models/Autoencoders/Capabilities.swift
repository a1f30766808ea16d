import Autograd
import Datasets

// What a model can do besides being trained: what commands, pages and other models ask it for. A
// model conforms to exactly the protocols that it supports.
//
//     Encodes              embed, map, probe, finetune, spectrum, score; codes and rates on the page
//     Decodes              with Encodes: interpolate, manifold, sample
//     HasPriorCodes        with Decodes: interpolate, between draws
//     DecodesOnto          edit, in front of the sample's own background
//     DecodesGiven         transfer, with Encodes; sample --label, with Generates
//     HasCodebook          codes; their use and grids of them on the page
//     DescribesDecoder     with Encodes: the explorer on the page
//     HasPoses             poses
//     Reconstructs         reconstruct; reconstructions on the page
//     Generates            sample, evaluate --quality; samples on the page
//     Scores               score --by likelihood
//     DrawsPixels          with Generates: sample --temperature; complete
//     EstimatesLikelihood  evaluate --likelihood; with Conditional: classify
//     HasJointDensity      evaluate --annealed, estimates
//     Completes            impute
//     Restores             apply

/// A model that encodes samples.
public protocol Encodes: Module {
    /// The mean codes of samples, `[batch, …]`, in evaluation mode.
    func encode(_ batch: Batch) -> Tensor
}

extension Encodes {
    /// The mean codes of samples, `[batch, …]`, given without labels or anything else.
    public func encode(_ input: Tensor) -> Tensor { encode(Batch(input)) }
}

/// A model that decodes codes.
public protocol Decodes: Module {
    /// The expected samples for codes, `[batch, …]`, in evaluation mode.
    func decode(_ code: Tensor) -> Tensor
}

/// A model that decodes what is in front of a background.
public protocol DecodesOnto: Decodes {
    /// The expected samples for codes, `[batch, …]`, before the background of others, in evaluation mode.
    ///
    /// - Parameter samples: `[batch, …]`, or of a shape that broadcasts to it.
    func decode(_ code: Tensor, onto samples: Tensor) -> Tensor
}

/// A model that reconstructs samples.
public protocol Reconstructs: Module {
    /// The reconstructions (expected samples), `[batch, …]`, in evaluation mode.
    func reconstruct(_ batch: Batch) -> Tensor
}

extension Reconstructs {
    /// The reconstructions of samples, `[batch, …]`, given without labels or anything else.
    public func reconstruct(_ input: Tensor) -> Tensor { reconstruct(Batch(input)) }
}

/// A model conditioned on the label of each sample, or on a number: it needs them for passes, codes,
/// reconstructions and likelihoods, and generates samples of a given class.
///
/// Commands accept only data in which every sample has a label, or the number.
public protocol Conditional: Module {}

/// A model that decodes codes under a condition, such as a class.
public protocol DecodesGiven: Module {
    /// What it can be told.
    var condition: Condition { get }
    /// Whether its classes are those that it has found, so that they have no names.
    var hasFoundClasses: Bool { get }
    /// The expected samples for codes, `[batch, …]`, in evaluation mode.
    ///
    /// - Parameter condition: of each, as for ``Generates/sample(_:given:using:)``.
    func decode(_ code: Tensor, given condition: Tensor) -> Tensor
    /// Codes that are to other conditions what these are to their own: by default the same. Where each
    /// condition has a prior of its own, codes say what it is, and have to be moved before they are
    /// decoded under another.
    func moved(_ code: Tensor, from condition: Tensor, to other: Tensor) -> Tensor
}

extension DecodesGiven {
    public var hasFoundClasses: Bool { false }

    public func moved(_ code: Tensor, from condition: Tensor, to other: Tensor) -> Tensor { code }
}

extension Module {
    /// Whether it can be told a condition of what it generates.
    package var takesConditions: Bool { self is any Conditional || self is any DecodesGiven }
}

/// From what the codes of new samples are drawn.
public enum CodePrior: Sendable {
    /// The standard normal distribution.
    case standardNormal
    /// Unit vectors, none more likely than another.
    case directions
    /// Another distribution, which belongs to the model.
    case own
    /// There are no codes, or none that are drawn.
    case none
}

/// A model that generates samples.
public protocol Generates: Module {
    /// New samples, `[count, …]`: the expected samples for what is drawn.
    ///
    /// - Parameter condition: what to generate, `[count, …]`, for conditional models; nil for
    ///   others. Commands and pages give a ``Conditional`` model class numbers, `int32` `[count]`, or
    ///   the numbers of the column that it is told of, in their own units, `[count]`.
    func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor
    /// From what codes are drawn.
    var codePrior: CodePrior { get }
    /// How its samples are generated, in one sentence for readers.
    var sampleOrigin: String { get }
}

extension Generates {
    public var codePrior: CodePrior { .none }

    public var sampleOrigin: String {
        switch codePrior {
        case .standardNormal: "Decoded draws from the prior, the standard normal distribution."
        case .directions: "Decoded draws from the prior, in which all directions are equal."
        case .own: "Decoded draws from the model's own prior."
        case .none: "Samples generated by the model."
        }
    }

    /// New samples of an unconditional model.
    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        sample(count, given: nil, using: &generator)
    }
}

/// A model of images that draws one pixel after another, each given those before.
public protocol DrawsPixels: Generates {
    /// How a pixel is chosen by the probabilities of its values. Not a part of what is trained.
    var choice: SymbolChoice { get set }
    /// Samples of which only the first rows are kept, and the others are drawn, `[batch, …]`. Traps if
    /// there are not as many rows.
    func completed(
        _ batch: Batch, keepingRows rows: Int, using generator: inout RandomGenerator
    ) -> Tensor
}

/// A model that gives samples a likelihood.
public protocol Scores: Module {
    /// The logarithm of the probability, or density, of each sample in nats, or a bound on it or an
    /// estimate of it, `[batch]`, in evaluation mode.
    ///
    /// The batch is as the data give it: a model that prepares its batches (``Trainable``) prepares
    /// it here, too.
    func logLikelihood(of batch: Batch, using generator: inout RandomGenerator) -> Tensor
}

/// A model whose log-likelihoods can be estimated as exactly as there is time for.
public protocol EstimatesLikelihood: Scores {
    /// The logarithms of independent estimates of each sample's probability, or density,
    /// `[draws, batch]`, in evaluation mode: the mean of their exponentials comes as close as one
    /// likes (importance sampling).
    ///
    /// The batch is as the data give it, as for ``Scores``.
    func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor
}

/// A model whose likelihoods are no estimates.
public protocol HasExactLikelihood: EstimatesLikelihood {}

extension HasExactLikelihood {
    /// As often as asked for the same.
    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        let each = logLikelihood(of: batch, using: &generator)
        return each.expandingAxis(0).broadcast(to: [draws, each.count])
    }
}

extension HasExactLikelihood where Self: Trainable, Output: HasLogProbabilities {
    /// By a pass of the prepared batch.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        let pass = pass(batch, in: &context)
        generator = context.generator
        return pass.logProbabilities
    }
}

/// A model whose codes can be drawn.
public protocol HasPriorCodes: Module {
    /// Codes drawn from the prior, `[count, …]`.
    func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor
}

/// A model whose codes have a prior, and samples a likelihood given a code.
public protocol HasJointDensity: HasPriorCodes {
    /// Whether codes are vectors of any numbers, so that they can be moved anywhere.
    var hasUnboundedCodes: Bool { get }
    /// log p(z), `[count]`.
    func logPrior(of codes: Tensor) -> Tensor
    /// log p(x | z), `[count]`: one code for each sample.
    func logLikelihood(of samples: Tensor, given codes: Tensor) -> Tensor
    /// log p(x | z) of each sample given each code, `[codes, samples]`.
    func logLikelihoods(of samples: Tensor, givenEach codes: Tensor) -> Tensor
}

/// A model that classifies samples.
public protocol Classifies: Module {
    /// The class logits of samples, `[batch, classes]`, in evaluation mode.
    func logits(of batch: Batch) -> Tensor
}

extension Classifies {
    /// The class logits of samples, `[batch, …]`, given without labels or anything else.
    public func logits(of input: Tensor) -> Tensor { logits(of: Batch(input)) }
}

/// A model that fills in missing parts of samples.
public protocol Completes: Module {
    /// The samples with missing parts replaced by the model's expectation, `[batch, …]`, in
    /// evaluation mode. The batch's mask marks what is missing; without one the samples do so
    /// themselves, such as table rows with their presence marks.
    func complete(_ batch: Batch) -> Tensor
}
