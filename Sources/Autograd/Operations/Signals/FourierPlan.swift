import Foundation
import KernelInterface

/// How transforms of one length and type are computed: a pass over memory for each factor.
final class FourierPlan: Sendable {
    /// What is transformed at once: vectors of neighbouring rows of numbers, or a single row whose
    /// numbers the first pass spreads over the lanes of vectors.
    enum Layout: Hashable { case lanes, row }

    private struct Key: Hashable {
        let size: Int
        let type: DataType
        let layout: Layout
    }

    private struct Pass {
        let factor: Int
        let parts: Int
        /// The product of the factors before.
        let before: Int
        /// Where the turns stand in the table.
        let place: Int
    }

    private let type: DataType
    private let layout: Layout
    private let passes: [Pass]
    private let table: Storage

    /// Lengths with greater prime factors are transformed as convolutions, which costs less.
    private static let greatestFactor = 31

    private static let plans = Guarded<[Key: FourierPlan]>([:])

    /// The plan of a length, which is kept for the next time; nil if it has a great prime factor, or
    /// is not divided by the lanes of a vector as a row must be.
    static func of(_ size: Int, _ type: DataType, _ layout: Layout) -> FourierPlan? {
        let key = Key(size: size, type: type, layout: layout)
        if let plan = plans.withLock({ $0[key] }) { return plan }
        guard let factors = factors(of: size, type, layout) else { return nil }
        let plan = FourierPlan(factors, type, layout)
        plans.withLock { plans in
            if plans.count >= 64 { plans.removeAll() }
            plans[key] = plan
        }
        return plan
    }

    private static func factors(of size: Int, _ type: DataType, _ layout: Layout) -> [Int]? {
        var (rest, factors) = (size, [Int]())
        if layout == .row {
            let lanes = kernels.fourierLanes(type)
            guard size.isMultiple(of: lanes), size / lanes >= lanes else { return nil }
            factors = [lanes]
            rest /= lanes
        }
        let twos = rest.trailingZeroBitCount
        rest >>= twos
        // One 8 rather than a 4 and a 2.
        let hasOneLeft = !twos.isMultiple(of: 2)
        factors += Array(repeating: 4, count: hasOneLeft ? max(0, twos - 3) / 2 : twos / 2)
        if hasOneLeft { factors.append(twos == 1 ? 2 : 8) }
        for factor in stride(from: 3, through: greatestFactor, by: 2) {
            while rest.isMultiple(of: factor) {
                factors.append(factor)
                rest /= factor
            }
        }
        return rest == 1 ? factors : nil
    }

    private init(_ factors: [Int], _ type: DataType, _ layout: Layout) {
        (self.type, self.layout) = (type, layout)
        var (passes, turns) = ([Pass](), [Double]())
        var (parts, before) = (factors.reduce(1, *), 1)
        for (index, factor) in factors.enumerated() {
            let whole = parts
            parts /= factor
            passes.append(Pass(factor: factor, parts: parts, before: before, place: turns.count))
            let isFirstOfRow = layout == .row && index == 0
            for outer in 0..<(isFirstOfRow ? 1 : parts) {
                for part in [cos, sin] as [(Double) -> Double] {
                    for k in 0..<factor {
                        for inner in 0..<(isFirstOfRow ? parts : 1) {
                            let step = (outer + inner) * k
                            turns.append(part(-2 * Double.pi * Double(step) / Double(whole)))
                        }
                    }
                }
            }
            if !factor.isMultiple(of: 2) {
                for part in [cos, sin] as [(Double) -> Double] {
                    turns += (0..<factor).map {
                        part(-2 * Double.pi * Double($0) / Double(factor))
                    }
                }
            }
            before *= factor
        }
        self.passes = passes
        table = Tensor(turns).cast(to: type).storage
    }

    /// Whether the result of `transformInPlace` is in the other memory.
    private var isOddlyMany: Bool { !passes.count.isMultiple(of: 2) }

    /// Transforms a row to another place, over memory of the same size.
    func transform(_ source: ComplexMemory, to target: ComplexMemory, over other: ComplexMemory) {
        transform(source, isOddlyMany ? target : other, isOddlyMany ? other : target, width: 1)
    }

    /// Transforms `width` rows side by side and returns which of both memories, of the same size,
    /// has the result.
    func transform(_ source: ComplexMemory, over other: ComplexMemory, width: Int) -> ComplexMemory
    {
        transform(source, other, source, width: width)
        return isOddlyMany ? other : source
    }

    /// From a source to two places in turn.
    private func transform(
        _ source: ComplexMemory, _ first: ComplexMemory, _ second: ComplexMemory, width: Int
    ) {
        var (source, target, next) = (source, first, second)
        for (index, pass) in passes.enumerated() {
            let described = KernelInterface.FourierPass(
                factor: pass.factor, parts: pass.parts, run: width * pass.before,
                turns: table.pointer + pass.place * type.size)
            if layout == .row && index == 0 {
                kernels.fourierFirstPass(type, described, source, target)
            } else {
                kernels.fourierPass(type, described, source, target)
            }
            source = target
            swap(&target, &next)
        }
    }
}
