import Autograd

/// Replaces each vector of a code by the nearest of a codebook (van den Oord, Vinyals and Kavukcuoglu,
/// "Neural Discrete Representation Learning", arXiv:1711.00937), so that a code is a grid of symbols.
///
/// Codes are `[batch, size, height, width]`, with a vector in the channels of each place, or flat,
/// `[batch, places * size]`, with one vector after another.
///
/// A code passes its gradient on to the vector that it replaces (``QuantizationGradient``). The derivatives
/// are therefore those of a surrogate, in which the choice of codes is fixed, and not of the value: it is
/// the surrogate that a check by differences has to evaluate. With straight-through gradients a Hessian
/// with respect to the encoder is that of the loss at the codes and of the encoder, as if nothing were
/// between them; it knows nothing of where choices change.
public struct VectorQuantizer: Quantizer {
    /// The vectors, `[codes, size]`: a parameter, or state that follows the vectors that it replaces.
    public private(set) var codes: Tensor
    /// How many vectors each code replaced lately, `[codes]`; nil if codes are learned by gradient.
    public private(set) var counts: Tensor?
    /// The sums of these vectors, `[codes, size]`.
    public private(set) var sums: Tensor?
    /// How codes are learned.
    public let learning: CodebookLearning
    /// How gradients pass to the encoder.
    public let gradient: QuantizationGradient

    public var codebook: Tensor { codes }

    /// Codes start small, between ±1 / codes; ``start(at:using:)`` puts them where vectors are. Traps
    /// unless there are at least two codes, and a number in each.
    public init(
        codes count: Int, size: Int, learning: CodebookLearning = .averages(),
        gradient: QuantizationGradient = .straightThrough, using generator: inout RandomGenerator
    ) {
        guard count > 1, size > 0, learning.isPossible else {
            programmerError(
                "VectorQuantizer", "\(count) codes of \(size) numbers, learned by \(learning)")
        }
        (self.learning, self.gradient) = (learning, gradient)
        let reach = 1 / Double(count)
        codes = generator.uniform([count, size], from: -reach, to: reach)
        if case .averages = learning {
            counts = Tensor.ones([count])
            sums = 1 * codes
        }
    }

    /// Puts the codes where vectors are, by ``KMeans``; averages start with the clusters. Traps if there
    /// are fewer vectors than codes.
    ///
    /// - Parameter code: of some samples, as the encoder gives it.
    public mutating func start(at code: Tensor, using generator: inout RandomGenerator) {
        let vectors = CodeLayout(code.shape, size: codes.shape[1]).vectors(of: code)
        let found = KMeans(vectors, clusters: codes.shape[0], using: &generator)
        codes = found.centres.cast(to: codes.dataType)
        guard let counts, let sums else { return }
        self.counts = found.sizes.cast(to: counts.dataType)
        self.sums = (found.centres.cast(to: .float64) * found.sizes.expandingAxis(1))
            .cast(to: sums.dataType)
    }

    /// The symbols of a code. A training pass records how averages go on; the codes of the pass are those
    /// of before. Traps if the code does not consist of such vectors.
    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> QuantizedCode {
        let layout = CodeLayout(code.shape, size: codes.shape[1])
        let vectors = layout.vectors(of: code)
        let indices = nearestRows(of: stopGradient(vectors), in: stopGradient(codes))
        let nearest = codes.gathered(at: indices)
        if context.isTraining { follow(stopGradient(vectors), indices, in: &context) }
        return QuantizedCode(
            encoded: code, nearest: layout.code(of: nearest),
            passed: layout.code(of: gradient.passed(nearest, along: vectors)),
            indices: indices.reshaped(layout.grid), codebookSize: codes.shape[0])
    }

    /// The code of symbols, `int32` `[batch, height, width]` or `[batch, places]`. Traps at an index that
    /// is no code's.
    public func code(of indices: Tensor) -> Tensor {
        let layout = CodeLayout(grid: indices.shape, size: codes.shape[1])
        return layout.code(of: codes.gathered(at: indices.reshaped([-1])))
    }

    /// Moves averages on to vectors, `[vectors, size]`, and codes with them (arXiv:1711.00937, appendix
    /// A.1).
    private func follow(_ vectors: Tensor, _ indices: Tensor, in context: inout PassContext) {
        guard case .averages(let decay, let restartShare) = learning, let counts, let sums else {
            return
        }
        let size = counts.count
        let vectors = vectors.cast(to: sums.dataType)
        let each = Tensor.ones([indices.count], dataType: counts.dataType)
        var newCounts =
            decay * context.current(counts) + (1 - decay)
            * each.scatterAdded(at: indices, size: size)
        var newSums =
            decay * context.current(sums) + (1 - decay)
            * vectors.scatterAdded(at: indices, size: size)
        if restartShare > 0 {
            let mean = newCounts.sum() / Double(size)
            let isRare = smoothed(newCounts) .< restartShare * mean
            let drawn = context.generator.integers([size], in: 0..<indices.count)
            newCounts = select(isRare, mean, newCounts)
            newSums = select(
                isRare.expandingAxis(1), mean * vectors.gathered(at: drawn), newSums)
        }
        context.update(counts, to: newCounts)
        context.update(sums, to: newSums)
        context.update(codes, to: newSums / smoothed(newCounts).expandingAxis(1))
    }

    /// Counts of which none is zero, with the same sum (Laplace).
    private func smoothed(_ counts: Tensor) -> Tensor {
        let (total, least) = (counts.sum(), 1e-5)
        return (counts + least) * (total / (total + least * Double(counts.count)))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        switch learning {
        case .gradient: visitor("codes", &codes)
        case .averages: visitor.learnedState("codes", &codes)
        }
        visitor.state("counts", &counts)
        visitor.state("sums", &sums)
    }
}

/// How the vectors of a codebook are learned.
public enum CodebookLearning: Sendable, Hashable {
    /// By the gradient of an objective, in which a ``CodebookLoss`` draws them to the vectors that they
    /// replace.
    case gradient
    /// As means of these vectors, with weights that fall by `decay` with each step. A code whose share of
    /// the vectors falls below `restartShare` of the mean share begins anew at a vector of the batch, with
    /// a mean share (similar to Dhariwal et al., "Jukebox", arXiv:2005.00341, section 3.1); 0 is for never.
    case averages(decay: Double = 0.99, restartShare: Double = 0.05)

    var isPossible: Bool {
        guard case .averages(let decay, let restartShare) = self else { return true }
        return 0..<1 ~= decay && 0..<1 ~= restartShare
    }
}
