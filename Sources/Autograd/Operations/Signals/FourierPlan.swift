import Foundation

/// How transforms of one length are computed: a pass over memory for each factor, whose results come
/// out in order (Stockham's; see Van Loan, "Computational Frameworks for the Fast Fourier
/// Transform", 1992, section 1.7). Several rows are transformed side by side, as lanes of vectors.
struct FourierPlan: Sendable {
    let size: Int
    /// Their product is the size.
    let factors: [Int]
    /// exp(2πi t / size) for each t below the size.
    let roots: [(real: Double, imaginary: Double)]

    /// Lengths with greater prime factors are transformed as convolutions, which costs less.
    private static let greatestFactor = 31

    private static let plans = Guarded<[Int: FourierPlan]>([:])

    /// The plan of a length, which is kept for the next time; nil if it has a great prime factor.
    static func of(_ size: Int) -> FourierPlan? {
        if let plan = plans.withLock({ $0[size] }) { return plan }
        var (rest, factors) = (size, [Int]())
        for factor in [4, 2] + Array(stride(from: 3, through: greatestFactor, by: 2)) {
            while rest.isMultiple(of: factor) {
                factors.append(factor)
                rest /= factor
            }
        }
        guard rest == 1 else { return nil }
        let roots = (0..<size).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(size)
            return (real: cos(angle), imaginary: sin(angle))
        }
        let plan = FourierPlan(size: size, factors: factors, roots: roots)
        plans.withLock { plans in
            if plans.count >= 64 { plans.removeAll() }
            plans[size] = plan
        }
        return plan
    }

    /// Transforms `lanes` vectors for each element of `source` with an exponent of this sign. Both
    /// memories are written; returns that with the result.
    func transform<Lane: FourierLane>(
        _ source: ComplexMemory<Lane>, _ other: ComplexMemory<Lane>, lanes: Int, sign: Double
    ) -> ComplexMemory<Lane> {
        var (source, target) = (source, other)
        // Of each part, `run` vectors side by side have the same turn.
        var (parts, run) = (size, lanes)
        for factor in factors {
            parts /= factor
            for part in 0..<parts {
                let pass = FourierPass(
                    source: source.advanced(by: part * run),
                    target: target.advanced(by: part * factor * run), distance: parts * run,
                    run: run)
                func turn(_ index: Int) -> Complex<Lane> {
                    Complex(root(part * index * (run / lanes), sign))
                }
                switch factor {
                case 2: pass.two(turn(1))
                case 4: pass.four(turn(1), turn(2), turn(3), sign)
                default:
                    let waves = (0..<factor).map { root($0 * (size / factor), sign) }
                    pass.any((0..<factor).map(turn), waves)
                }
            }
            swap(&source, &target)
            run *= factor
        }
        return source
    }

    private func root(_ index: Int, _ sign: Double) -> (real: Double, imaginary: Double) {
        let root = roots[index % size]
        return (root.real, sign * root.imaginary)
    }
}

/// Small transforms of `run` vectors: of elements that are `distance` apart, to elements that are
/// `run` apart.
private struct FourierPass<Lane: FourierLane> {
    let source: ComplexMemory<Lane>
    let target: ComplexMemory<Lane>
    let distance: Int
    let run: Int

    @inline(__always) func two(_ turn: Complex<Lane>) {
        for index in 0..<run {
            let (a, b) = (source[index], source[index + distance])
            target[index] = a + b
            target[index + run] = (a - b) * turn
        }
    }

    @inline(__always)
    func four(
        _ first: Complex<Lane>, _ second: Complex<Lane>, _ third: Complex<Lane>, _ sign: Double
    ) {
        for index in 0..<run {
            let (a, b) = (source[index], source[index + distance])
            let (c, d) = (source[index + 2 * distance], source[index + 3 * distance])
            let (even, odd) = (a + c, b + d)
            let (left, right) = (a - c, (b - d).turned)
            target[index] = even + odd
            target[index + 2 * run] = (even - odd) * second
            target[index + run] = (sign > 0 ? left + right : left - right) * first
            target[index + 3 * run] = (sign > 0 ? left - right : left + right) * third
        }
    }

    /// Any odd number of elements: those at opposite ends have the same cosines, and opposite sines.
    @inline(__always)
    func any(_ turns: [Complex<Lane>], _ waves: [(real: Double, imaginary: Double)]) {
        let (count, half) = (turns.count, turns.count / 2)
        // The cosine and the sine of each pair in each result.
        let tables = (1...half).map { result in
            (1...half).map { pair in
                let wave = waves[result * pair % count]
                return (
                    Lane(repeating: Lane.Number(wave.real)),
                    Lane(repeating: Lane.Number(wave.imaginary))
                )
            }
        }
        // Sound: all that is read of the memory is written before.
        withUnsafeTemporaryAllocation(of: Complex<Lane>.self, capacity: 2 * half) { pairs in
            for index in 0..<run {
                let first = source[index]
                var sum = first
                for pair in 1...half {
                    let a = source[index + pair * distance]
                    let b = source[index + (count - pair) * distance]
                    (pairs[2 * pair - 2], pairs[2 * pair - 1]) = (a + b, (a - b).turned)
                    sum = sum + (a + b)
                }
                target[index] = sum
                for result in 1...half {
                    var (same, opposite) = (first, Complex<Lane>.zero)
                    for pair in 0..<half {
                        let (cosine, sine) = tables[result - 1][pair]
                        let (a, b) = (pairs[2 * pair], pairs[2 * pair + 1])
                        same = Complex(
                            same.real.plus(cosine.times(a.real)),
                            same.imaginary.plus(cosine.times(a.imaginary)))
                        opposite = Complex(
                            opposite.real.plus(sine.times(b.real)),
                            opposite.imaginary.plus(sine.times(b.imaginary)))
                    }
                    target[index + result * run] = (same + opposite) * turns[result]
                    target[index + (count - result) * run] =
                        (same - opposite) * turns[count - result]
                }
            }
        }
    }
}
