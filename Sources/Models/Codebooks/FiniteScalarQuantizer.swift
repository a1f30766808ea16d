import Autograd
import Foundation

/// Rounds each number of a vector to one of a few, after it has been bounded: all combinations are codes,
/// and there is nothing to learn, to commit to or to restart (Mentzer et al., "Finite Scalar Quantization:
/// VQ-VAE Made Simple", arXiv:2309.15505, section 3).
public struct FiniteScalarQuantizer: Quantizer {
    /// How many values each number of a vector can have.
    public let levels: [Int]

    /// Traps unless each number has at least two levels, and there are at most 2¹⁶ combinations.
    public init(levels: [Int]) {
        guard Self.codes(levels) != nil else {
            programmerError("FiniteScalarQuantizer", "levels of \(levels)")
        }
        self.levels = levels
    }

    /// How many combinations there are; nil if they are too many, or there are no two values of a number.
    static func codes(_ levels: [Int]) -> Int? {
        guard !levels.isEmpty, levels.allSatisfy({ 2...65_536 ~= $0 }) else { return nil }
        let count = levels.reduce(1) { $0 > 65_536 ? $0 : $0 * $1 }
        return count <= 65_536 ? count : nil
    }

    public var codebook: Tensor {
        let count = levels.reduce(1, *)
        return values(of: Tensor.range(count).cast(to: .int32)).cast(to: .float32)
    }

    /// Numbers from −1 to 1 of which those of an even number of levels are not symmetric, as one of them
    /// is 0.
    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> QuantizedCode {
        let layout = CodeLayout(code.shape, size: levels.count)
        let vectors = layout.vectors(of: code)
        let bounded = bounded(vectors)
        let rounded = round(stopGradient(bounded))
        let passed = layout.code(
            of: straightThrough(rounded, along: bounded) / halves(vectors.dataType))
        let places = rounded + halves(vectors.dataType)
        let indices = (places * strides(vectors.dataType)).sum(axes: [1]).cast(to: .int32)
        return QuantizedCode(
            encoded: passed, nearest: passed, passed: passed,
            indices: indices.reshaped(layout.grid), codebookSize: levels.reduce(1, *))
    }

    /// Between the least and the greatest level, a little beyond which it may lie for these to be reached;
    /// those of an even number of levels are moved by a half.
    private func bounded(_ vectors: Tensor) -> Tensor {
        let type = vectors.dataType
        let reach = levels.map { Double($0 - 1) / 2 + 1e-3 }
        let offset = levels.map { $0 % 2 == 0 ? 0.5 : 0 }
        let shift = zip(offset, reach).map { atanh($0 / $1) }
        func row(_ numbers: [Double]) -> Tensor { Tensor(numbers).cast(to: type) }
        return tanh(vectors + row(shift)) * row(reach) - row(offset)
    }

    /// The level that is 0.
    private func halves(_ type: DataType) -> Tensor {
        Tensor(levels.map { Double($0 / 2) }).cast(to: type)
    }

    /// What a step of each number changes in an index; the first number changes it least.
    private func strides(_ type: DataType) -> Tensor {
        let strides = levels.indices.map { levels[..<$0].reduce(1, *) }
        return Tensor(strides.map { Double($0) }).cast(to: type)
    }

    public func code(of indices: Tensor) -> Tensor {
        let layout = CodeLayout(grid: indices.shape, size: levels.count)
        return layout.code(of: values(of: indices.reshaped([-1])).cast(to: .float32))
    }

    /// The vectors of indices, `float64` `[vectors, size]`.
    private func values(of indices: Tensor) -> Tensor {
        let count = levels.reduce(1, *)
        let rows = indices.elements(as: Int32.self).flatMap { index in
            guard 0..<count ~= Int(index) else {
                programmerError("FiniteScalarQuantizer", "code \(index) of \(count)")
            }
            var rest = Int(index)
            return levels.map { level in
                defer { rest /= level }
                return Double(rest % level - level / 2) / Double(level / 2)
            }
        }
        return Tensor(rows, shape: [indices.count, levels.count])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
