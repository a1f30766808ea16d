import Autograd
import Datasets
import Foundation

/// How few random splits separate a sample from others (Liu, Ting and Zhou, "Isolation Forest", 2008):
/// each tree splits some of the samples at a random place of a random element, the parts again, until
/// every one is alone or the depth of a balanced tree is reached.
public struct IsolationForest: Sendable {
    private struct Node {
        /// The element that is compared; −1 in a leaf.
        var element: Int32 = -1
        var threshold: Double = 0
        /// The child of samples up to the threshold; the other follows it.
        var child: Int32 = 0
        /// In a leaf, its depth and the mean depth of a tree of the samples in it.
        var depth: Double = 0
    }

    private let trees: [[Node]]
    private let elements: Int
    /// The mean depth of a sample among as many as a tree has seen.
    private let usualDepth: Double

    /// Traps if there are no samples, one is not finite, or a number is not positive.
    ///
    /// - Parameters:
    ///   - samples: the others, `[count, …]`, flattened.
    ///   - trees: the number of trees.
    ///   - size: how many samples a tree splits, if there are so many.
    public init(
        of samples: Tensor, trees: Int = 200, size: Int = 256,
        using generator: inout RandomGenerator
    ) {
        guard samples.rank > 0, samples.count > 0, trees > 0, size > 0 else {
            programmerError(
                "IsolationForest",
                "\(trees) trees of \(size) samples, out of samples of shape \(samples.shape)")
        }
        requireFinite(samples, "IsolationForest")
        let flat = samples.flattened().cast(to: .float64)
        let (count, elements) = (flat.shape[0], flat.shape[1])
        let size = min(size, count)
        self.elements = elements
        usualDepth = Self.meanDepth(size)
        // Sound: the depth of a balanced tree.
        let depth = Int(log2(Double(max(2, size))).rounded(.up))
        self.trees = (0..<trees).map { _ in
            let chosen = Self.choose(size, of: count, using: &generator).map { Int32($0) }
            return Self.grow(
                flat.gathered(at: Tensor(chosen)).elements(as: Double.self), elements, depth,
                using: &generator)
        }
    }

    /// The scores, `[count]` in `float64`: near 1 for samples that are soon alone, below ½ for those
    /// in the midst of others; NaN for a sample with a NaN.
    public func callAsFunction(_ samples: Tensor) -> Tensor {
        let flat = samples.flattened().cast(to: .float64)
        guard flat.shape[1] == elements else {
            programmerError(
                "IsolationForest",
                "samples of shape \(samples.shape) for a forest of \(elements) elements")
        }
        let numbers = flat.elements(as: Double.self)
        let depths = meanDepths(of: numbers, count: flat.shape[0])
        let scores = exp(Tensor(depths) * (-log(2) / max(usualDepth, 1)))
        return select(
            flat.isNaN.any(axes: [1]), Tensor(.nan, dataType: .float64), scores)
    }

    /// The mean depth of each row over all trees, on all threads.
    private func meanDepths(of numbers: [Double], count: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: 0)
            // Sound: each row is written by one thread.
            nonisolated(unsafe) let sums = buffer
            inParallel(count, grain: 256) { range in
                // A tree stays near the processor for a block of rows.
                for start in stride(from: range.lowerBound, to: range.upperBound, by: 256) {
                    let rows = start..<min(start + 256, range.upperBound)
                    for tree in trees { add(depthsIn: tree, of: rows, numbers, to: sums) }
                    for row in rows { sums[row] /= Double(trees.count) }
                }
            }
            initialized = count
        }
    }

    private func add(
        depthsIn tree: [Node], of rows: Range<Int>, _ numbers: [Double],
        to sums: UnsafeMutableBufferPointer<Double>
    ) {
        for row in rows {
            var node = tree[0]
            while node.element >= 0 {
                let isAbove = numbers[row * elements + Int(node.element)] > node.threshold
                node = tree[Int(node.child) + (isAbove ? 1 : 0)]
            }
            sums[row] += node.depth
        }
    }

    /// Different positions out of many, by drawing again what was drawn before.
    private static func choose(
        _ size: Int, of count: Int, using generator: inout RandomGenerator
    ) -> [Int] {
        if 2 * size > count { return Array(generator.permutation(count).prefix(size)) }
        var (chosen, seen) = ([Int](), Set<Int>())
        while chosen.count < size {
            let drawn = generator.integers([size], in: 0..<count).elements(as: Int32.self)
            for position in drawn where chosen.count < size {
                if seen.insert(Int(position)).inserted { chosen.append(Int(position)) }
            }
        }
        return chosen
    }

    private static func grow(
        _ numbers: [Double], _ elements: Int, _ mostDepth: Int,
        using generator: inout RandomGenerator
    ) -> [Node] {
        var nodes = [Node()]
        var drawn = Draws(generator.split())
        var open: [(node: Int, rows: [Int], depth: Int)] = [
            (0, Array(0..<numbers.count / elements), 0)
        ]
        while let (node, rows, depth) = open.popLast() {
            guard rows.count > 1, depth < mostDepth,
                let split = split(rows, numbers, elements, &drawn)
            else {
                nodes[node].depth = Double(depth) + meanDepth(rows.count)
                continue
            }
            let isAbove = { numbers[$0 * elements + split.element] > split.threshold }
            // Sound: there are fewer elements and nodes than `int32` can count.
            nodes[node].element = Int32(split.element)
            nodes[node].threshold = split.threshold
            nodes[node].child = Int32(nodes.count)
            open.append((nodes.count, rows.filter { !isAbove($0) }, depth + 1))
            open.append((nodes.count + 1, rows.filter(isAbove), depth + 1))
            nodes += [Node(), Node()]
        }
        return nodes
    }

    /// A random place of a random element that is not the same in all rows; nil if all are.
    private static func split(
        _ rows: [Int], _ numbers: [Double], _ elements: Int, _ drawn: inout Draws
    ) -> (element: Int, threshold: Double)? {
        // Elements in random order, as long as they are constant.
        var rest = Array(0..<elements)
        while !rest.isEmpty {
            let place = drawn.integer(below: rest.count)
            let element = rest[place]
            rest.swapAt(place, rest.count - 1)
            rest.removeLast()
            var (least, greatest) = (Double.infinity, -Double.infinity)
            for row in rows {
                let number = numbers[row * elements + element]
                least = min(least, number)
                greatest = max(greatest, number)
            }
            guard least < greatest else { continue }
            let threshold = least + drawn.number() * (greatest - least)
            // Rounding must not leave a part empty.
            return (element, min(max(threshold, least), greatest.nextDown))
        }
        return nil
    }

    /// c(n) = 2 H(n − 1) − 2 (n − 1) / n: the mean depth at which a search in a random tree of n
    /// samples ends without success (Liu, Ting and Zhou, 2008, equation 1).
    static func meanDepth(_ count: Int) -> Double {
        guard count > 1 else { return 0 }
        let harmonic = (1..<count).reduce(0.0) { $0 + 1 / Double($1) }
        return 2 * harmonic - 2 * Double(count - 1) / Double(count)
    }

    /// Numbers from 0 to below 1, drawn many at a time.
    private struct Draws {
        private var generator: RandomGenerator
        private var numbers: [Double] = []

        init(_ generator: RandomGenerator) { self.generator = generator }

        mutating func number() -> Double {
            if numbers.isEmpty {
                numbers = generator.uniform([512], dataType: .float64).elements(as: Double.self)
            }
            return numbers.removeLast()
        }

        mutating func integer(below count: Int) -> Int {
            // Sound: from 0 to below the count.
            min(Int(number() * Double(count)), count - 1)
        }
    }
}
