import Autograd
import Datasets

// What a model can do, besides being trained: what commands, pages and other models ask it for.
// A model conforms to what it can; none fakes a part that it does not have.
//
//     Encodes       embed, map, probe, finetune, spectrum, score; codes and rates on the page
//     Decodes       with Encodes: interpolate, manifold, sample
//     Reconstructs  reconstruct; reconstructions on the page
//     Generates     sample; samples on the page
//     Scores        score --by likelihood
//     Completes     impute
//     Restores      apply

/// A model that takes samples to codes.
public protocol Encodes: Module {
    /// The mean codes of samples, `[batch, …]`, in evaluation mode.
    func encode(_ batch: Batch) -> Tensor
}

extension Encodes {
    /// The mean codes of samples, `[batch, …]`, of which nothing else is known.
    public func encode(_ input: Tensor) -> Tensor { encode(Batch(input)) }
}

/// A model that takes codes to samples.
public protocol Decodes: Module {
    /// The expected samples of codes, `[batch, …]`, in evaluation mode.
    func decode(_ code: Tensor) -> Tensor
}

/// A model that makes of samples what it takes them for.
public protocol Reconstructs: Module {
    /// The expected samples, `[batch, …]`, in evaluation mode.
    func reconstruct(_ batch: Batch) -> Tensor
}

extension Reconstructs {
    /// The expected samples for some, `[batch, …]`, of which nothing else is known.
    public func reconstruct(_ input: Tensor) -> Tensor { reconstruct(Batch(input)) }
}

/// A model that is told the label of each sample: it needs them in passes, codes, reconstructions
/// and likelihoods, and generates samples of a class.
///
/// Commands give it data with a label each alone, and refuse others.
public protocol Conditional: Module {}

/// A model that makes up samples.
public protocol Generates: Module {
    /// New samples, `[count, …]`: the expected samples of what is drawn.
    ///
    /// - Parameter condition: what they are to be like, `[count, …]`, for models that are told; nil
    ///   for others. Commands and pages give a ``Conditional`` model class numbers, `int32`
    ///   `[count]`.
    func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor
    /// Whether it decodes codes that are drawn from the standard normal distribution.
    var hasNormalPrior: Bool { get }
    /// How its samples come about, in a sentence for those who look at them.
    var sampleOrigin: String { get }
}

extension Generates {
    public var hasNormalPrior: Bool { false }

    public var sampleOrigin: String {
        hasNormalPrior
            ? "Decoded draws from the prior, the standard normal distribution."
            : "What the model makes up."
    }

    /// New samples of a model that is not told which.
    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        sample(count, given: nil, using: &generator)
    }
}

/// A model that says how likely samples are.
public protocol Scores: Module {
    /// The logarithm of the probability, or density, of each sample in nats, or a bound or an
    /// estimate of it, `[batch]`, in evaluation mode.
    func logLikelihood(of batch: Batch, using generator: inout RandomGenerator) -> Tensor
}

/// A model that tells classes.
public protocol Classifies: Module {
    /// The logits of the classes of samples, `[batch, classes]`, in evaluation mode.
    func logits(of batch: Batch) -> Tensor
}

extension Classifies {
    /// The logits of the classes of samples, `[batch, …]`, of which nothing else is known.
    public func logits(of input: Tensor) -> Tensor { logits(of: Batch(input)) }
}

/// A model that fills in what is missing in samples.
public protocol Completes: Module {
    /// The samples with what the model expects where something is missing, `[batch, …]`, in
    /// evaluation mode. What is missing the batch's mask says, or else the samples themselves, such
    /// as the rows of a table with their marks.
    func complete(_ batch: Batch) -> Tensor
}
