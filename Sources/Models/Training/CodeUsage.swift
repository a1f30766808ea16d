import Autograd
import Foundation

/// How often each code of a codebook stands for a vector.
public struct CodeUsage: Sendable, Equatable {
    /// Of each code.
    public private(set) var counts: [Int]

    /// None so far. Traps unless there is a code.
    public init(codes: Int) {
        guard codes > 0 else { programmerError("CodeUsage", "\(codes) codes") }
        counts = [Int](repeating: 0, count: codes)
    }

    /// Traps unless there is a code, or if a count is negative.
    public init(counts: [Int]) {
        guard !counts.isEmpty, counts.allSatisfy({ $0 >= 0 }) else {
            programmerError("CodeUsage", "counts of \(counts.count) codes, some of them negative")
        }
        self.counts = counts
    }

    /// Adds the codes of vectors, `int32` of any shape. Traps at an index that is no code's.
    public mutating func add(_ indices: Tensor) {
        for index in indices.elements(as: Int32.self) {
            guard counts.indices ~= Int(index) else {
                programmerError("CodeUsage", "code \(index) of \(counts.count)")
            }
            counts[Int(index)] += 1
        }
    }

    /// The exponential of the entropy of the shares in nats: the number of codes, if all are used alike. NaN
    /// without vectors.
    public var perplexity: Double {
        let total = Double(counts.reduce(0, +))
        guard total > 0 else { return .nan }
        let entropy = counts.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log(share)
        }
        return exp(entropy)
    }

    /// The number of codes that are used at all.
    public var usedCodes: Int { counts.count { $0 > 0 } }

    /// The same as a share of all.
    public var usedShare: Double { Double(usedCodes) / Double(counts.count) }
}

/// The perplexity of the codes over a whole evaluation (``CodeUsage/perplexity``). The mean of that of
/// batches would be less.
public struct CodePerplexity<Output: HasQuantizedCode>: EvaluationMetric {
    private var usage: CodeUsage?
    public init() {}
    public var name: String { "perplexity" }
    public mutating func add(_ pass: ForwardPass<Output>) { usage.add(pass.quantized) }
    public var value: Double { usage?.perplexity ?? .nan }
}

/// The share of the codes that stand for a vector at least once in a whole evaluation.
public struct CodesUsed<Output: HasQuantizedCode>: EvaluationMetric {
    private var usage: CodeUsage?
    public init() {}
    public var name: String { "codesUsed" }
    public mutating func add(_ pass: ForwardPass<Output>) { usage.add(pass.quantized) }
    public var value: Double { usage?.usedShare ?? .nan }
}

extension CodeUsage? {
    fileprivate mutating func add(_ quantized: QuantizedCode) {
        var usage = self ?? CodeUsage(codes: quantized.codebookSize)
        usage.add(quantized.indices)
        self = usage
    }
}
