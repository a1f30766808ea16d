import Autograd
import Testing

@Suite struct OrderingTests {
    /// The order by the standard library's stable sort.
    static func order<Key: Comparable>(_ keys: [Key], _ isOrdered: (Key, Key) -> Bool) -> [Int32] {
        keys.indices.sorted { first, second in
            isOrdered(keys[first], keys[second])
                || (!isOrdered(keys[second], keys[first]) && first < second)
        }.map { Int32($0) }
    }

    @Test(arguments: [0, 1, 2, 15, 16, 17, 33, 100, 1000])
    func sortsStably(length: Int) {
        var generator = RandomGenerator(seed: UInt64(length))
        // Few distinct values: many equals.
        let x = generator.integers([length], in: 0..<9)
        let keys = x.elements(as: Int32.self)
        for type in [DataType.uint8, .int32, .float32, .float64] {
            let typed = x.cast(to: type)
            #expect(typed.sortedIndices().elements(as: Int32.self) == Self.order(keys, <))
            #expect(
                typed.sortedIndices(descending: true).elements(as: Int32.self)
                    == Self.order(keys, >))
        }
        let distinct = generator.normal([length], dataType: .float64)
        #expect(
            distinct.sorted().elements(as: Double.self)
                == distinct.elements(as: Double.self).sorted())
    }

    /// Both ways to select, by insertion and by a sort of all.
    @Test(arguments: [0, 1, 2, 63, 64, 65, 300])
    func findsTheGreatest(count: Int) {
        var generator = RandomGenerator(seed: 5)
        let x = generator.integers([3, 300], in: 0..<40).cast(to: .float32)
        let expected = x.sortedIndices(descending: true).sliced(axis: 1, 0..<count)
        #expect(x.topIndices(count).isIdentical(to: expected))
        #expect(x.topIndices(count, axis: -1).shape == [3, count])
        #expect(x.transposed().topIndices(count, axis: 0).isIdentical(to: expected.transposed()))
    }

    @Test func notANumberComesLast() {
        let x = Tensor([3, Double.nan, -Double.infinity, Double.infinity, Double.nan, 1])
        #expect(x.sortedIndices().elements(as: Int32.self) == [2, 5, 0, 3, 1, 4])
        #expect(
            x.sortedIndices(descending: true).elements(as: Int32.self) == [3, 0, 5, 2, 1, 4])
        #expect(x.topIndices(2).elements(as: Int32.self) == [3, 0])
    }

    @Test(arguments: [0, 1, 2])
    func sortsAlong(axis: Int) {
        var generator = RandomGenerator(seed: 1)
        let x = generator.normal([3, 4, 5], dataType: .float64)
        let rows = Elements(x.swappingAxes(axis, -1))
        let length = x.shape[axis]
        let sorted = stride(from: 0, to: x.count, by: length).flatMap {
            rows.values[$0..<$0 + length].sorted(by: >)
        }
        let expected = Tensor(sorted, shape: rows.shape).swappingAxes(axis, -1)
        #expect(x.sorted(axis: axis, descending: true).isIdentical(to: expected))
        let top = x.gatheredAlong(axis: axis, at: x.topIndices(2, axis: axis))
        #expect(top.isIdentical(to: expected.sliced(axis: axis, 0..<2)))
    }

    @Test(arguments: [0, 1, 2], [false, true])
    func sumsCumulatively(axis: Int, reversed: Bool) {
        var generator = RandomGenerator(seed: 2)
        let integers = generator.integers([3, 4, 5], in: -9..<9)
        let elements = Elements(integers)
        for exclusive in [false, true] {
            let expected = Elements.tensor(integers.shape) { at in
                (0..<integers.shape[axis]).reduce(0.0) { sum, position in
                    let precedes = reversed ? position > at[axis] : position < at[axis]
                    guard precedes || (position == at[axis] && !exclusive) else { return sum }
                    var source = at
                    source[axis] = position
                    return sum + elements[source]
                }
            }
            for type in [DataType.int32, .float32, .float64] {
                let sums = integers.cast(to: type)
                    .cumulativeSum(axis: axis, reversed: reversed, exclusive: exclusive)
                #expect(sums.isIdentical(to: expected.cast(to: type)))
            }
            let check = gradientCheck(at: generator.normal([3, 2, 3]), order: 2) {
                sin($0.cumulativeSum(axis: axis, reversed: reversed, exclusive: exclusive))
            }
            #expect(check.passes, "\(check)")
        }
    }

    @Test func derivativesOfSorting() {
        var generator = RandomGenerator(seed: 3)
        let x = generator.normal([3, 5])
        for axis in [0, 1] {
            let check = gradientCheck(at: x, order: 2) { sin($0.sorted(axis: axis)) }
            #expect(check.passes, "\(check)")
        }
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 4)
            let x = generator.normal([64, 500])
            let isSame = isSameForAnyNumberOfThreads {
                [x.sortedIndices(), x.sortedIndices(axis: 0), x.cumulativeSum(), x.topIndices(7)]
            }
            #expect(isSame)
        }
    }

    @Test func emptyTensors() {
        #expect(Tensor.zeros([3, 0]).sorted().shape == [3, 0])
        #expect(Tensor.zeros([0, 3]).topIndices(2).shape == [0, 2])
        #expect(Tensor.zeros([3, 0]).cumulativeSum().shape == [3, 0])
        #expect(Tensor.zeros([0, 3]).cumulativeSum().shape == [0, 3])
    }

    @Test func trapsOnMisuse() async {
        func message(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
        let count = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Tensor.ones([2, 3]).topIndices(4)
        }
        #expect(message(count).contains("topIndices: 4 of axis 1 of shape [2, 3]"))
        let watched = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = gradient(at: Tensor.ones([3])) { $0.sortedIndices() }
        }
        #expect(message(watched).contains("sortedIndices: has no derivative"))
    }
}
