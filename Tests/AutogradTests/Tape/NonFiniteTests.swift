import Autograd
import Testing

@Suite struct NonFiniteTests {
    private let x = Tensor([1, 0, 2] as [Float])

    @Test func theFirstOperationIsNamed() {
        let found = firstNonFiniteOperation(at: x) { x in
            (exp(log(x * 2)) + sqrt(x)).sum()
        }
        #expect(found?.operation == "log")
        #expect(found?.shape == [3])
        #expect(found?.isDerivative == false)
        #expect(found?.description == "log, of shape [3]")
    }

    @Test func aDerivativeThatIsNotFiniteIsNamed() {
        // The value at 0 is 0, the derivative infinite.
        let found = firstNonFiniteOperation(at: x) { sqrt($0).sum() }
        #expect(found?.operation == "sqrt")
        #expect(found?.isDerivative == true)
    }

    @Test func anArgumentThatIsNotFiniteIsReportedFirst() {
        let found = firstNonFiniteOperation(at: Tensor([.nan] as [Float]), x) { a, b in
            (a * log(b)).sum()
        }
        #expect(found?.operation == "watch")
    }

    @Test func whereAllIsFiniteThereIsNothing() {
        #expect(firstNonFiniteOperation(at: x) { (exp($0) * $0).sum() } == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func oneElementDecides(_ value: Double) {
        for count in [1, 7, 100_000] {
            for position in [0, count / 2, count - 1] {
                var elements = [Double](repeating: 1, count: count)
                elements[position] = value
                #expect(!Tensor(elements).allFinite)
                #expect(!Tensor(elements.map { Float($0) }).allFinite)
            }
        }
    }

    @Test func finiteElementsWithAnInfiniteSumAreFinite() {
        #expect(Tensor(repeating: 3e38, shape: [1000]).allFinite)
        #expect(Tensor.zeros([0]).allFinite)
        #expect(Tensor([1, 2] as [Int32]).allFinite)
    }
}
