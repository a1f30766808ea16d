import Autograd
import TestSupport
import Testing

/// Operations on sequences and rows at sizes that are no multiple of a vector, and larger than one.
@Suite struct SequenceTests {
    /// In single precision and with the derivative that is fused, against the same in double.
    private func expectAgreement(
        at shapes: [[Int]], _ function: @escaping ([Tensor]) -> Tensor
    ) {
        var generator = RandomGenerator(seed: 8)
        let arguments = shapes.map { generator.normal($0, dataType: .float32) }
        let (single, roughPullback) = valueWithPullback(at: arguments, of: function)
        let doubles = arguments.map { $0.cast(to: .float64) }
        let (double, _) = valueWithPullback(at: doubles, of: function)
        #expect(closeness(of: single, to: double.cast(to: .float32), tolerance: 1e-5).passes)
        let cotangent = generator.normal(single.shape)
        // What an outer scope watches is composed of elementary operations.
        let composed = shapes.indices.map { position in
            valueWithPullback(at: doubles) { arguments in
                valueWithPullback(at: arguments, of: function)
                    .pullback(cotangent.cast(to: .float64))[position]
            }.value
        }
        for (found, expected) in zip(roughPullback(cotangent), composed) {
            #expect(closeness(of: found, to: expected.cast(to: .float32), tolerance: 1e-4).passes)
        }
    }

    @Test(arguments: [1, 5, 16, 19, 70]) func longShortTermMemoryOfManyUnits(_ size: Int) {
        let shapes = [[5, 4, 4 * size], [4 * size, size], [5, size], [5, size]]
        expectAgreement(at: shapes) {
            longShortTermMemory(
                projections: $0[0], recurrentWeights: 0.3 * $0[1], hidden: $0[2], cell: $0[3]
            ).outputs
        }
        expectAgreement(at: shapes) {
            longShortTermMemory(
                projections: $0[0], recurrentWeights: 0.3 * $0[1], hidden: $0[2], cell: $0[3]
            ).cell
        }
    }

    @Test func aSequenceOfNoStepsChangesNothing() {
        var generator = RandomGenerator(seed: 1)
        let (hidden, cell) = (generator.normal([2, 3]), generator.normal([2, 3]))
        let (outputs, last) = longShortTermMemory(
            projections: Tensor.zeros([2, 0, 12]), recurrentWeights: generator.normal([12, 3]),
            hidden: hidden, cell: cell)
        #expect(outputs.shape == [2, 0, 3])
        #expect(last.isIdentical(to: cell))
    }

    @Test func gradientsFlowThroughOutputsAndTheLastCell() {
        var generator = RandomGenerator(seed: 2)
        let point = [[2, 3, 8], [8, 2], [2, 2], [2, 2]].map {
            generator.normal($0, dataType: .float64)
        }
        let check = gradientCheck(at: point, order: 2) { point in
            let (outputs, cell) = longShortTermMemory(
                projections: point[0], recurrentWeights: point[1], hidden: point[2],
                cell: point[3])
            return square(outputs).sum() * cell.sum()
        }
        #expect(check.passes, "\(check)")
    }

    @Test(arguments: [1, 3, 16, 37, 100]) func attentionOfManyTokens(_ tokens: Int) {
        expectAgreement(at: [[2, 3, tokens, 9], [2, 3, 21, 9], [2, 3, 21, 5]]) {
            scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2])
        }
        expectAgreement(at: [[2, tokens, 3 * 12]]) {
            selfAttention($0[0], heads: 4, isCausal: true)
        }
    }

    @Test(arguments: [1, 2, 15, 33, 130]) func rowsOfManyElements(_ count: Int) {
        expectAgreement(at: [[7, count]]) { softmax($0[0]) }
        expectAgreement(at: [[7, count]]) { logSoftmax(3 * $0[0]) }
        expectAgreement(at: [[7, count], [count], [count]]) {
            // Of a row of one or two elements the variance may be close to 0.
            layerNormalization($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1)
        }
        expectAgreement(at: [[7, 1, count], [7, 3, count]]) { dotProducts($0[0], $0[1]) }
    }

    /// A mask of −∞ hides a key, in value and derivative.
    @Test func maskedKeysCountForNothing() {
        var generator = RandomGenerator(seed: 3)
        let (query, key) = (generator.normal([1, 1, 2, 4]), generator.normal([1, 1, 3, 4]))
        let value = generator.normal([1, 1, 3, 4])
        let mask = Tensor([0, 0, -Float.infinity])
        func attend(_ key: Tensor, _ value: Tensor, _ mask: Tensor?) -> Tensor {
            scaledDotProductAttention(query: query, key: key, value: value, mask: mask)
        }
        let masked = attend(key, value, mask)
        let fewer = attend(key.sliced(axis: 2, 0..<2), value.sliced(axis: 2, 0..<2), nil)
        #expect(closeness(of: masked, to: fewer, tolerance: 1e-6).passes)
        let slope = gradient(at: key) { square(attend($0, value, mask)).sum() }
        #expect(slope.sliced(axis: 2, 2..<3).elements(as: Float.self) == [0, 0, 0, 0])
    }

    /// What is far below the greatest of its row has the weight 0, and −∞ everywhere has none.
    @Test func softmaxOfDistantElements() {
        let x = Tensor(rows: [[0, -200, -.infinity], [-.infinity, 3, -.infinity]] as [[Float]])
        #expect(softmax(x).elements(as: Float.self) == [1, 0, 0, 0, 1, 0])
        let hidden = Tensor(repeating: -.infinity, shape: [1, 3])
        #expect(softmax(hidden).elements(as: Float.self).allSatisfy { $0.isNaN })
    }
}

@Suite struct ExtremumPositionTests {
    @Test(arguments: [DataType.float32, .float64, .int32])
    func positionsAgreeWithASearch(_ type: DataType) {
        var generator = RandomGenerator(seed: 5)
        withEvery("count", in: [1, 2, 7, 16, 31, 32, 33, 64, 150]) { (count: Int) in
            // Few different values, so that many are equal.
            let x = generator.integers([9, count], in: -3..<4).cast(to: type)
            let rows = x.cast(to: .float64).elements(as: Double.self)
            func expected(_ isBetter: (Double, Double) -> Bool) -> [Int32] {
                (0..<9).map { row in
                    let elements = rows[row * count..<(row + 1) * count]
                    var best = elements.startIndex
                    for index in elements.indices where isBetter(elements[index], elements[best]) {
                        best = index
                    }
                    return Int32(best - elements.startIndex)
                }
            }
            #expect(x.argmax().elements(as: Int32.self) == expected(>), "\(Trial.description)")
            #expect(x.argmin().elements(as: Int32.self) == expected(<), "\(Trial.description)")
            let columns = x.transposed()
            #expect(columns.argmax(axis: 0).elements(as: Int32.self) == expected(>))
        }
    }

    @Test func theFirstThatIsNotANumberWins() {
        withEvery("count", in: [3, 40, 100]) { (count: Int) in
            var elements = (0..<count).map { Float($0 % 5) }
            elements[count - 1] = .nan
            elements[count / 2] = .nan
            let x = Tensor(elements)
            #expect(x.argmax().scalar == Double(count / 2))
            #expect(x.argmin().scalar == Double(count / 2))
        }
    }

    @Test func axesInTheMiddleAreReduced() {
        var generator = RandomGenerator(seed: 6)
        let x = generator.normal([3, 4, 5, 2])
        let positions = x.argmin(axis: 1)
        #expect(positions.shape == [3, 5, 2])
        let least = x.gatheredAlong(axis: 1, at: positions.expandingAxis(1)).squeezed(axes: [1])
        #expect(least.isIdentical(to: x.min(axes: [1])))
        #expect(Tensor([true, false, true]).argmin().scalar == 1)
    }
}

@Suite struct NearestRowTests {
    @Test func theNearestIsFound() {
        var generator = RandomGenerator(seed: 7)
        let (queries, codes) = (generator.normal([50, 7]), generator.normal([37, 7]))
        let found = nearestRows(of: queries, in: codes).elements(as: Int32.self)
        let (q, c) = (queries.elements(as: Float.self), codes.elements(as: Float.self))
        for query in 0..<50 {
            let distances = (0..<37).map { code in
                (0..<7).reduce(Float(0)) {
                    let difference = q[query * 7 + $1] - c[code * 7 + $1]
                    return $0 + difference * difference
                }
            }
            #expect(distances[Int(found[query])] <= distances.min()! + 1e-4)
        }
    }

    @Test func theFirstOfEqualsIsTaken() {
        let codes = Tensor(rows: [[1, 0], [0, 2], [1, 0], [0, 2]] as [[Float]])
        let queries = Tensor(rows: [[0, 2], [1, 0], [5, 0]] as [[Float]])
        #expect(nearestRows(of: queries, in: codes).elements(as: Int32.self) == [1, 0, 0])
        #expect(nearestRows(of: Tensor.zeros([0, 2]), in: codes).shape == [0])
    }

    /// Each batch by itself, to the last bit.
    @Test func leadingAxesAreSetsOfTheirOwn() {
        var generator = RandomGenerator(seed: 8)
        let queries = generator.normal([2, 3, 9, 4])
        let codes = generator.normal([2, 3, 5, 4])
        let found = nearestRows(of: queries, in: codes)
        #expect(found.shape == [2, 3, 9])
        for (i, j) in (0..<2).flatMap({ i in (0..<3).map { (i, $0) } }) {
            let single = nearestRows(of: queries[i][j], in: codes[i][j])
            #expect(found[i][j].isIdentical(to: single))
        }
        let none = nearestRows(of: Tensor.zeros([0, 2, 4]), in: Tensor.zeros([0, 5, 4]))
        #expect(none.shape == [0, 2])
    }

    /// Equal points have distance 0 and a curvature all the same, however far they are from 0.
    @Test func distancesOfEqualPoints() {
        let points = Tensor(rows: [[1000.25, -2000.5], [1000.5, -2001]] as [[Float]])
        let distances = pairwiseSquaredDistances(points, points).elements(as: Float.self)
        #expect(distances == [0, 0.3125, 0.3125, 0])
        let curvature = hessian(at: Tensor([1.5, 2])) { x in
            pairwiseSquaredDistances(x.expandingAxis(0), Tensor(rows: [[1.5, 2]])).sum()
        }
        #expect(numbers(curvature) == [2, 0, 0, 2])
    }
}

@Suite struct RowSelectionTests {
    @Test func rowsAreDistinctAndPositionsLeadToThem() {
        let indices = Tensor([7, 2, 7, 9, 2, 0] as [Int32], shape: [2, 3])
        let selection = RowSelection(indices, of: 10)
        #expect(selection.rows.elements(as: Int32.self) == [0, 2, 7, 9])
        #expect(selection.count == 4)
        #expect(selection.positions.shape == [2, 3])
        #expect(selection.positions.elements(as: Int32.self) == [2, 1, 2, 3, 1, 0])
        #expect(
            selection.rows.gathered(at: selection.positions).isIdentical(to: indices))
    }

    @Test func nothingMayBeLookedUp() {
        let selection = RowSelection(Tensor([] as [Int32]), of: 3)
        #expect(selection.count == 0)
        #expect(selection.positions.shape == [0])
        #expect(RowSelection(Tensor([] as [Int32]), of: 0).count == 0)
    }

    @Test func allMayBeLookedUp() {
        let selection = RowSelection(Tensor([2, 1, 0] as [Int32]), of: 3)
        #expect(selection.rows.elements(as: Int32.self) == [0, 1, 2])
    }
}
