import KernelInterface
import Testing

@Suite("Reductions")
struct ReductionTests {
    private func rows<T: KernelElement>(
        _ set: TestedKernels, _ reduction: Reduction, _ input: [T],
        count: Int, stride: Int, width: Int, start: Int = 0
    ) -> [T] {
        var output = [T](repeating: input[0], count: width)
        input.withUnsafeBufferPointer {
            set.kernels.reduceRows(
                reduction, T.type, $0.baseAddress! + start, count, stride, width, &output)
        }
        return output
    }

    private func runs<T: KernelElement>(
        _ set: TestedKernels, _ reduction: Reduction, _ input: [T], rows: Int, count: Int,
        start: Int = 0
    ) -> [T] {
        var output = [T](repeating: input[0], count: rows)
        input.withUnsafeBufferPointer {
            set.kernels.reduceRuns(reduction, T.type, $0.baseAddress! + start, rows, count, &output)
        }
        return output
    }

    private func numbers<T: BinaryFloatingPoint>(_ count: Int, seed: UInt64) -> [T]
    where T.RawSignificand: FixedWidthInteger {
        var generator = TestGenerator(seed: seed)
        return (0..<count).map { _ in T.random(in: -100...100, using: &generator) }
    }

    private static let widths = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 130]

    @Test("columns add in the order of the rows", arguments: TestedKernels.supported)
    func rowSums(set: TestedKernels) {
        let floats: [Float] = numbers(2_000, seed: 13)
        let doubles: [Double] = numbers(2_000, seed: 14)
        for width in Self.widths {
            let (count, stride, start) = (9, width + 3, 1)
            func naive<T: BinaryFloatingPoint>(_ x: [T]) -> [T] {
                (0..<width).map { i in
                    (0..<count).reduce(T(0)) { $0 + x[start + $1 * stride + i] }
                }
            }
            #expect(
                rows(set, .sum, floats, count: count, stride: stride, width: width, start: start)
                    == naive(floats))
            #expect(
                rows(set, .sum, doubles, count: count, stride: stride, width: width, start: start)
                    == naive(doubles))
        }
    }

    @Test("extremes of columns", arguments: TestedKernels.supported)
    func rowExtremes(set: TestedKernels) {
        var x: [Float] = numbers(2_000, seed: 15)
        x[11] = .infinity
        for width in Self.widths where width > 0 {
            let (count, stride) = (5, width + 2)
            let columns = (0..<width).map { i in (0..<count).map { x[$0 * stride + i] } }
            #expect(
                rows(set, .maximum, x, count: count, stride: stride, width: width)
                    == columns.map { $0.max()! })
            #expect(
                rows(set, .minimum, x, count: count, stride: stride, width: width)
                    == columns.map { $0.min()! })
            for row in 0..<count {
                var y = x
                y[row * stride + width - 1] = .nan
                for reduction in Reduction.allCases {
                    let result = rows(set, reduction, y, count: count, stride: stride, width: width)
                    #expect(result[width - 1].isNaN, "\(reduction), \(width) wide, row \(row)")
                    #expect(result.dropLast().allSatisfy { !$0.isNaN })
                }
            }
        }
    }

    @Test("sums of runs", arguments: TestedKernels.supported)
    func runSums(set: TestedKernels) {
        for count in [0, 1, 2, 3, 5, 8, 15, 16, 17, 64, 65, 100, 255, 1_000, 4_099] {
            let x: [Float] = numbers(3 * count + 1, seed: 16)
            let y: [Double] = x.map(Double.init)
            let floats = runs(set, .sum, x, rows: 3, count: count, start: 1)
            let doubles = runs(set, .sum, y, rows: 3, count: count, start: 1)
            // Sixteen or more accumulators: that many additions to each, and those that join them.
            let additions = Double(count / 16 + 8)
            for row in 0..<3 {
                let run = y[(1 + row * count)..<(1 + (row + 1) * count)]
                let exact = run.reduce(Wide(0)) { $0 + Wide($1) }
                let magnitude = run.reduce(0) { $0 + $1.magnitude }
                let bound = additions * magnitude
                #expect(abs(Double(floats[row]) - Double(exact)) <= bound * 0x1p-24)
                #expect(abs(Double(Wide(doubles[row]) - exact)) <= bound * 0x1p-52)
                // A run by itself has the same sum.
                let alone = runs(set, .sum, x, rows: 1, count: count, start: 1 + row * count)
                #expect(alone == [floats[row]])
            }
        }
    }

    @Test("long sums in double precision", arguments: TestedKernels.supported)
    func sumsInDouble(set: TestedKernels) {
        // Of numbers with so few digits that their sums are exact.
        let x: [Float] = numbers(6_000, seed: 19).map {
            (($0 as Float) * 0x1p8).rounded() * 0x1p-8
        }
        for width in Self.widths {
            for (count, stride) in [(9, width), (35, width + 3), (45, width), (0, width)] {
                var sums = [Double](repeating: 7, count: width + 1)
                x.withUnsafeBufferPointer {
                    set.kernels.sumRowsInDouble(
                        $0.baseAddress! + 1, count, stride, width, &sums)
                }
                let expected = (0..<width).map { i in
                    (0..<count).reduce(0.0) { $0 + Double(x[1 + $1 * stride + i]) }
                }
                #expect(sums == expected + [7], "\(count) rows \(width) wide, \(stride) apart")
            }
        }
        for count in [0, 1, 3, 4, 63, 64, 65, 255, 256, 257, 1_025, 1_999] {
            var sums = [Double](repeating: 7, count: 4)
            set.kernels.sumRunsInDouble(x, 3, count, &sums)
            let expected = (0..<3).map { row in
                x[row * count..<(row + 1) * count].reduce(0.0) { $0 + Double($1) }
            }
            #expect(sums == expected + [7])
        }
    }

    @Test("extremes of runs", arguments: TestedKernels.supported)
    func runExtremes(set: TestedKernels) {
        for count in [1, 2, 3, 8, 16, 17, 40, 64, 65, 130] {
            let x: [Float] = numbers(count, seed: 17)
            let y: [Double] = x.map(Double.init)
            #expect(runs(set, .maximum, x, rows: 1, count: count) == [x.max()!])
            #expect(runs(set, .minimum, x, rows: 1, count: count) == [x.min()!])
            #expect(runs(set, .maximum, y, rows: 1, count: count) == [y.max()!])
            #expect(runs(set, .minimum, y, rows: 1, count: count) == [y.min()!])
            for i in 0..<count {
                var z = x
                z[i] = .nan
                for reduction in Reduction.allCases {
                    #expect(runs(set, reduction, z, rows: 1, count: count)[0].isNaN)
                }
            }
        }
    }

    @Test("int32", arguments: TestedKernels.supported)
    func integers(set: TestedKernels) {
        var generator = TestGenerator(seed: 18)
        let x = (0..<600).map { _ in Int32.random(in: .min ... .max, using: &generator) }
        for (count, width) in [(1, 1), (3, 5), (7, 16), (8, 70)] {
            let columns = (0..<width).map { i in (0..<count).map { x[$0 * (width + 1) + i] } }
            let runsOfX = (0..<count).map { Array(x[($0 * width)..<(($0 + 1) * width)]) }
            for (reduction, naive) in [
                (.sum, { $0.reduce(0, &+) }), (.maximum, { $0.max()! }), (.minimum, { $0.min()! }),
            ] as [(Reduction, ([Int32]) -> Int32)] {
                #expect(
                    rows(set, reduction, x, count: count, stride: width + 1, width: width)
                        == columns.map(naive))
                #expect(
                    runs(set, reduction, x, rows: count, count: width) == runsOfX.map(naive))
            }
        }
    }

    @Test("of nothing", arguments: TestedKernels.supported)
    func empty(set: TestedKernels) {
        for width in [1, 5, 40] {
            func check<T: KernelElement>(_ identities: [T]) {
                for (reduction, identity) in zip(Reduction.allCases, identities) {
                    let expected = [T](repeating: identity, count: width)
                    #expect(
                        rows(set, reduction, identities, count: 0, stride: width, width: width)
                            == expected)
                    #expect(runs(set, reduction, identities, rows: width, count: 0) == expected)
                }
            }
            // In the order of the cases: sum, maximum, minimum.
            check([0, -.infinity, .infinity] as [Float])
            check([0, -.infinity, .infinity] as [Double])
            check([0, .min, .max] as [Int32])
        }
    }
}
