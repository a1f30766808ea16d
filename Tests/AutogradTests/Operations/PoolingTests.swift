import Autograd
import Testing

@Suite struct PoolingTests {
    struct Case: CustomStringConvertible, Sendable {
        let window: Size2D
        let stride: Size2D?
        let padding: Size2D

        var description: String { "window \(window), stride \(stride ?? window), \(padding)" }

        /// The values under each window, and how many places it has outside of the image.
        func pooled(_ x: Tensor, by function: ([Double], Int) -> Double) -> Tensor {
            let elements = Elements(x)
            let step = stride ?? window
            let (height, width) = (x.shape[2], x.shape[3])
            let shape = [
                x.shape[0], x.shape[1],
                (height + 2 * padding.height - window.height) / step.height + 1,
                (width + 2 * padding.width - window.width) / step.width + 1,
            ]
            return Elements.tensor(shape) { at in
                var inside: [Double] = []
                for i in 0..<window.height {
                    for j in 0..<window.width {
                        let row = at[2] * step.height - padding.height + i
                        let column = at[3] * step.width - padding.width + j
                        if (0..<height).contains(row), (0..<width).contains(column) {
                            inside.append(elements[at[0], at[1], row, column])
                        }
                    }
                }
                return function(inside, window.height * window.width - inside.count)
            }
        }
    }

    static let cases = [
        Case(window: 2, stride: nil, padding: 0),
        Case(window: 3, stride: 2, padding: 1),
        Case(window: Size2D(height: 3, width: 2), stride: 1, padding: Size2D(height: 2, width: 1)),
        Case(window: Size2D(height: 1, width: 4), stride: Size2D(height: 3, width: 1), padding: 0),
        Case(window: 2, stride: 3, padding: 1),
    ]

    @Test(arguments: cases)
    func agreesWithItsDefinition(_ pooling: Case) {
        var generator = RandomGenerator(seed: 1)
        // Below zero, so that a zero of the padding taken for an element would show.
        let x = generator.uniform([2, 3, 7, 6], from: -2, to: -1, dataType: .float64)
        let greatest = maxPooling2D(
            x, window: pooling.window, stride: pooling.stride, padding: pooling.padding)
        #expect(distance(greatest, pooling.pooled(x) { inside, _ in inside.max()! }) == 0)
        let counting = averagePooling2D(
            x, window: pooling.window, stride: pooling.stride, padding: pooling.padding)
        let countingExpected = pooling.pooled(x) { inside, outside in
            inside.reduce(0, +) / Double(inside.count + outside)
        }
        #expect(distance(counting, countingExpected) < 1e-14)
        let notCounting = averagePooling2D(
            x, window: pooling.window, stride: pooling.stride, padding: pooling.padding,
            countingPadding: false)
        let notCountingExpected = pooling.pooled(x) { inside, _ in
            inside.reduce(0, +) / Double(inside.count)
        }
        #expect(distance(notCounting, notCountingExpected) < 1e-14)
    }

    @Test(arguments: cases)
    func derivatives(_ pooling: Case) {
        var generator = RandomGenerator(seed: 2)
        // Distinct elements far from each other, so that none overtakes another in the check.
        let order = generator.permutation(2 * 5 * 6).map { Double($0) / 10 }
        let x = Tensor(order, shape: [1, 2, 5, 6])
        let greatest = gradientCheck(at: x, order: 2, mode: .directional()) {
            sin(
                maxPooling2D(
                    $0, window: pooling.window, stride: pooling.stride, padding: pooling.padding))
        }
        #expect(greatest.passes, "\(greatest)")
        for counting in [true, false] {
            let mean = gradientCheck(at: x, order: 2, mode: .directional()) {
                sin(
                    averagePooling2D(
                        $0, window: pooling.window, stride: pooling.stride,
                        padding: pooling.padding, countingPadding: counting))
            }
            #expect(mean.passes, "\(mean)")
        }
    }

    @Test func equalGreatestElementsShareTheDerivative() {
        let x = Tensor([1.0, 1, 0, 5, 5, 2, 3, 5], shape: [1, 1, 2, 4])
        let slope = gradient(at: x) { maxPooling2D($0, window: 2).sum() }
        #expect(
            slope.elements(as: Double.self) == [0, 0, 0, 0.5, 1, 0, 0, 0.5])
        let flat = gradient(at: Tensor.ones([1, 1, 2, 2], dataType: .float64)) {
            maxPooling2D($0, window: 2).sum()
        }
        #expect(flat.elements(as: Double.self) == [0.25, 0.25, 0.25, 0.25])
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 3)
            let x = generator.normal([8, 16, 28, 28])
            let cotangent = generator.normal([8, 16, 14, 14])
            let isSame = isSameForAnyNumberOfThreads {
                let (y, pullback) = valueWithPullback(at: x) {
                    maxPooling2D($0, window: 3, stride: 2, padding: 1)
                        + averagePooling2D($0, window: 2)
                }
                return [y, pullback(cotangent)]
            }
            #expect(isSame)
        }
    }

    @Test func emptyBatch() {
        let x = Tensor.zeros([0, 2, 4, 4])
        #expect(maxPooling2D(x, window: 2).shape == [0, 2, 2, 2])
        #expect(averagePooling2D(x, window: 2).shape == [0, 2, 2, 2])
        #expect(gradient(at: x) { maxPooling2D($0, window: 2).sum() }.shape == x.shape)
    }

    @Test func trapsOnMisuse() async {
        func message(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
        let large = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = maxPooling2D(Tensor.ones([1, 1, 2, 2]), window: 3)
        }
        #expect(message(large).contains("maxPooling2D: window 3 × 3 is larger than x of shape"))
        let padding = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = averagePooling2D(Tensor.ones([1, 1, 4, 4]), window: 2, padding: 2)
        }
        #expect(message(padding).contains("averagePooling2D: padding 2 × 2 is not less than"))
    }
}
