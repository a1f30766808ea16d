import Autograd
import Testing

@Suite struct IndexingTests {
    @Test func gathersWholeParts() {
        let x = Tensor.range(24, dataType: .float64).reshaped([2, 3, 4])
        let elements = Elements(x)
        let indices = Tensor([2, 0, 2, 1] as [Int32], shape: [2, 2])
        let positions = Elements(indices)
        let first = x.gathered(at: Tensor([1, 1, 0] as [Int32]))
        #expect(
            first.isIdentical(
                to: Elements.tensor([3, 3, 4]) { elements[[$0[0] < 2 ? 1 : 0, $0[1], $0[2]]] }))
        let middle = x.gathered(at: indices, axis: 1)
        #expect(
            middle.isIdentical(
                to: Elements.tensor([2, 2, 2, 4]) {
                    elements[[$0[0], Int(positions[[$0[1], $0[2]]]), $0[3]]]
                }))
        let last = x.gathered(at: indices, axis: -1)
        #expect(
            last.isIdentical(
                to: Elements.tensor([2, 3, 2, 2]) {
                    elements[[$0[0], $0[1], Int(positions[[$0[2], $0[3]]])]]
                }))
        let scalar = x.gathered(at: Tensor([1] as [Int32], shape: []), axis: 0)
        #expect(scalar.isIdentical(to: x[1]))
    }

    @Test(arguments: DataType.allCases)
    func gathersEveryDataType(_ type: DataType) {
        let x = Tensor([0, 1, 1, 0, 1, 0] as [Int32], shape: [2, 3]).cast(to: type)
        let indices = Tensor([2, 0, 1, 1, 0, 2] as [Int32], shape: [2, 3])
        let expected = Tensor([1, 0, 1, 1, 0, 0] as [Int32], shape: [2, 3]).cast(to: type)
        #expect(x.gatheredAlong(axis: 1, at: indices).isIdentical(to: expected))
        #expect(
            x.gathered(at: Tensor([1] as [Int32])).isIdentical(to: x.sliced(axis: 0, 1..<2)))
    }

    @Test(arguments: [0, 1, 2])
    func gathersElementsAlong(axis: Int) {
        var generator = RandomGenerator(seed: 1)
        let x = generator.normal([3, 4, 5], dataType: .float64)
        var shape = x.shape
        shape[axis] = 7
        let indices = generator.integers(shape, in: 0..<x.shape[axis])
        let (elements, positions) = (Elements(x), Elements(indices))
        let expected = Elements.tensor(shape) { at in
            var source = at
            source[axis] = Int(positions[at])
            return elements[source]
        }
        #expect(x.gatheredAlong(axis: axis, at: indices).isIdentical(to: expected))
    }

    /// Scattering is the transpose of gathering: ⟨gather(x), y⟩ = ⟨x, scatter(y)⟩, and repeated
    /// positions add up.
    @Test func scatteringIsTheTranspose() {
        var generator = RandomGenerator(seed: 2)
        let x = generator.normal([3, 4, 5], dataType: .float64)
        for axis in 0..<3 {
            let indices = generator.integers([2, 3], in: 0..<x.shape[axis])
            let gathered = x.gathered(at: indices, axis: axis)
            let y = generator.normal(gathered.shape, dataType: .float64)
            let scattered = y.scatterAdded(at: indices, axis: axis, size: x.shape[axis])
            #expect(scattered.shape == x.shape)
            #expect(abs((gathered * y).sum().scalar - (x * scattered).sum().scalar) < 1e-12)

            var shape = x.shape
            shape[axis] = 6
            let own = generator.integers(shape, in: 0..<x.shape[axis])
            let along = x.gatheredAlong(axis: axis, at: own)
            let z = generator.normal(shape, dataType: .float64)
            let back = z.scatterAddedAlong(axis: axis, at: own, size: x.shape[axis])
            #expect(back.shape == x.shape)
            #expect(abs((along * z).sum().scalar - (x * back).sum().scalar) < 1e-12)
        }
        let counts = Tensor.ones([5], dataType: .int32)
            .scatterAdded(at: Tensor([0, 2, 2, 2, 3] as [Int32]), size: 5)
        #expect(counts.elements(as: Int32.self) == [1, 0, 3, 1, 0])
    }

    @Test func derivatives() {
        var generator = RandomGenerator(seed: 3)
        let x = generator.normal([3, 4])
        let indices = Tensor([1, 1, 0] as [Int32])
        let own = generator.integers([3, 2], in: 0..<4)
        let checks = [
            gradientCheck(at: x, order: 2) { sin($0.gathered(at: indices, axis: 1)) },
            gradientCheck(at: x, order: 2) { sin($0.gatheredAlong(axis: 1, at: own)) },
            gradientCheck(at: x, order: 2) { sin($0.scatterAdded(at: indices, size: 4)) },
            gradientCheck(at: generator.normal([3, 2]), order: 2) {
                sin($0.scatterAddedAlong(axis: 1, at: own, size: 4))
            },
            gradientCheck(at: x, order: 2) { sin($0.diagonal()) },
            gradientCheck(at: generator.normal([2, 3, 3]), order: 2) { sin($0.trace()) },
        ]
        for check in checks { #expect(check.passes, "\(check)") }
    }

    @Test func oneHotVectors() {
        let labels = Tensor([2, 0, 1, 2] as [Int32], shape: [2, 2])
        let expected = Tensor(
            [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1] as [Int32], shape: [2, 2, 3])
        for type in DataType.allCases {
            #expect(
                oneHot(labels, depth: 3, dataType: type).isIdentical(
                    to: expected.cast(to: type)))
        }
    }

    @Test func gathersWhereAMaskIsTrue() {
        let x = Tensor.range(12).reshaped([4, 3])
        let rows = x.gathered(where: Tensor([true, false, false, true]))
        #expect(rows.isIdentical(to: concatenated([x[0..<1], x[3..<4]])))
        let columns = x.gathered(where: Tensor([false, true, true]), axis: 1)
        #expect(columns.isIdentical(to: x.sliced(axis: 1, 1..<3)))
        #expect(x.gathered(where: Tensor([Bool](repeating: false, count: 4))).shape == [0, 3])
        let slope = gradient(at: x) {
            square($0.gathered(where: Tensor([false, true, false]), axis: 1)).sum()
        }
        #expect(
            slope.isIdentical(
                to: Tensor([0, 2, 0, 0, 8, 0, 0, 14, 0, 0, 20, 0], shape: [4, 3])
                    .cast(to: .float32)))
    }

    @Test func diagonals() {
        let x = Tensor.range(24).reshaped([2, 3, 4])
        #expect(
            x.diagonal().isIdentical(to: Tensor([0, 5, 10, 12, 17, 22] as [Float], shape: [2, 3])))
        #expect(x.trace().isIdentical(to: Tensor([15, 51] as [Float])))
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 4)
            let table = generator.normal([50, 64])
            let words = generator.integers([3000], in: 0..<50)
            let rows = generator.normal([100, 40, 20])
            let own = generator.integers([100, 60, 20], in: 0..<40)
            let isSame = isSameForAnyNumberOfThreads {
                let (y, first) = valueWithPullback(at: table) { $0.gathered(at: words) }
                let (z, second) = valueWithPullback(at: rows) { $0.gatheredAlong(axis: 1, at: own) }
                return [y, first(y), z, second(z)]
            }
            #expect(isSame)
        }
    }

    @Test func emptyTensors() {
        let none = Tensor([] as [Int32])
        #expect(Tensor.ones([3, 2]).gathered(at: none).shape == [0, 2])
        #expect(Tensor.ones([0, 3]).gathered(at: Tensor([1] as [Int32]), axis: 1).shape == [0, 1])
        #expect(
            Tensor.ones([0, 2]).scatterAdded(at: none, size: 3).isIdentical(to: .zeros([3, 2])))
        #expect(oneHot(none, depth: 3).shape == [0, 3])
    }

    @Test func trapsOnMisuse() async {
        func message(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
        let high = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Tensor.ones([3, 2]).gathered(at: Tensor([0, 3] as [Int32]))
        }
        #expect(message(high).contains("gathered: index 3 is not in 0..<3"))
        let negative = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = oneHot(Tensor([0, -1] as [Int32]), depth: 4)
        }
        #expect(message(negative).contains("oneHot: index -1 is not in 0..<4"))
        let type = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Tensor.ones([3]).gathered(at: Tensor.ones([1]))
        }
        #expect(message(type).contains("indices are float32, not int32"))
        let shape = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Tensor.ones([3, 2]).gatheredAlong(axis: 0, at: Tensor.zeros([3], dataType: .int32))
        }
        #expect(message(shape).contains("gatheredAlong: indices of shape [3]"))
    }
}
