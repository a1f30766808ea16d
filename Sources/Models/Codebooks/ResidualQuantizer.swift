import Autograd

/// Replaces each vector by a sum of codes: the nearest one of a first codebook, then that which is nearest to
/// what is left, and so on (Lee et al., "Autoregressive Image Generation using Residual Quantization",
/// arXiv:2203.01941, section 3.1; for sound Zeghidour et al., arXiv:2107.03312).
///
/// Indices are `[batch, depth, height, width]`. With codebooks of its own each step has the indices that
/// follow those of the step before; an index of another step counts as the code at that place of its own.
public struct ResidualQuantizer: Quantizer {
    /// One for each step, or one for all.
    public var steps: [VectorQuantizer]
    /// How many codes are added up.
    public let depth: Int
    private let gradient: QuantizationGradient

    /// Traps unless there is a step; as ``VectorQuantizer`` does otherwise.
    ///
    /// - Parameters:
    ///   - codes: in a codebook.
    ///   - isShared: whether all steps have the same codebook.
    public init(
        codes: Int, size: Int, depth: Int, isShared: Bool = false,
        learning: CodebookLearning = .averages(),
        gradient: QuantizationGradient = .straightThrough, using generator: inout RandomGenerator
    ) {
        guard depth > 0 else { programmerError("ResidualQuantizer", "\(depth) steps") }
        (self.depth, self.gradient) = (depth, gradient)
        steps = (0..<(isShared ? 1 : depth)).map { _ in
            VectorQuantizer(codes: codes, size: size, learning: learning, using: &generator)
        }
    }

    private var isShared: Bool { steps.count < depth }

    private func step(_ place: Int) -> VectorQuantizer { steps[isShared ? 0 : place] }

    /// The index of the first code of a step.
    private func offset(_ place: Int) -> Int { isShared ? 0 : place * steps[0].codes.shape[0] }

    public var codebook: Tensor { concatenated(steps.map(\.codes)) }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> QuantizedCode {
        var (rest, sum) = (code, Tensor.zeros(like: code))
        var (encoded, nearest, indices): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
        for place in 0..<depth {
            let part = step(place)(rest, in: &context)
            encoded.append(rest)
            nearest.append(part.nearest)
            indices.append(part.indices + Double(offset(place)))
            sum += part.nearest
            rest = rest - stopGradient(part.nearest)
        }
        let layout = CodeLayout(code.shape, size: step(0).codes.shape[1])
        let passed = gradient.passed(layout.vectors(of: sum), along: layout.vectors(of: code))
        return QuantizedCode(
            encoded: concatenated(encoded, axis: 1), nearest: concatenated(nearest, axis: 1),
            passed: layout.code(of: passed), indices: stacked(indices, axis: 1),
            codebookSize: codebook.shape[0])
    }

    /// Traps if indices are of another depth, too.
    public func code(of indices: Tensor) -> Tensor {
        guard indices.rank > 1, indices.shape[1] == depth else {
            programmerError(
                "ResidualQuantizer", "indices of shape \(indices.shape) for \(depth) steps")
        }
        let parts = (0..<depth).map { place in
            step(place).code(of: ownIndices(indices[0..., place]))
        }
        return parts.dropFirst().reduce(parts[0], +)
    }

    /// As each step numbers its codes.
    private func ownIndices(_ indices: Tensor) -> Tensor {
        let codes = Int32(steps[0].codes.shape[0])
        let numbers = indices.elements(as: Int32.self)
        guard numbers.allSatisfy({ 0..<codes * Int32(steps.count) ~= $0 }) else {
            programmerError(
                "ResidualQuantizer",
                "indices \(indices) of \(steps.count) codebooks of \(codes) codes")
        }
        return Tensor(numbers.map { $0 % codes }, shape: indices.shape)
    }

    public mutating func start(at code: Tensor, using generator: inout RandomGenerator) {
        var rest = code
        for place in steps.indices {
            steps[place].start(at: rest, using: &generator)
            var context = PassContext.evaluation
            rest = rest - steps[place](rest, in: &context).nearest
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("steps", &steps) }
}
