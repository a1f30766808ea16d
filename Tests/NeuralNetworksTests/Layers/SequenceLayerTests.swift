import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct LSTMTests {
    @Test func shapes() {
        var generator = RandomGenerator(seed: 1)
        let lstm = LSTM(3, 5, using: &generator)
        #expect(lstm.inputWeights.shape == [20, 3])
        #expect(lstm.hiddenWeights.shape == [20, 5])
        #expect(lstm.biases.shape == [20])
        for batch in [0, 1, 4] {
            let (outputs, state) = lstm(generator.normal([batch, 6, 3]))
            #expect(outputs.shape == [batch, 6, 5])
            #expect(state.hidden.shape == [batch, 5])
            #expect(state.cell.shape == [batch, 5])
        }
    }

    /// The forget gate starts open; the other biases are zero.
    @Test func onlyTheForgetGateHasABiasAtFirst() {
        var generator = RandomGenerator(seed: 1)
        let biases = LSTM(2, 3, using: &generator).biases.elements(as: Float.self)
        #expect(biases == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test func parametersHaveTheRightDerivatives() {
        var generator = RandomGenerator(seed: 2)
        let lstm = LSTM(2, 3, using: &generator)
        let input = generator.normal([2, 3, 2])
        let check = gradientCheck(at: lstm, input, order: 2) { lstm, input in
            let (outputs, state) = lstm(input)
            return square(outputs).sum() + state.cell.sum() * state.hidden.sum()
        }
        #expect(check.passes, "\(check)")
        #expect(check.comparisons.count >= input.count + lstm.parameterCount)
    }

    @Test func aSequenceGoesOnFromItsState() {
        var generator = RandomGenerator(seed: 3)
        let lstm = LSTM(3, 7, using: &generator)
        let input = generator.normal([4, 9, 3])
        let (whole, last) = lstm(input)
        let (first, state) = lstm(input.sliced(axis: 1, 0..<4))
        let (second, end) = lstm(input.sliced(axis: 1, 4..<9), from: state)
        let joined = concatenated([first, second], axis: 1)
        #expect(closeness(of: joined, to: whole, tolerance: 1e-6).passes)
        #expect(closeness(of: end.cell, to: last.cell, tolerance: 1e-6).passes)
        #expect(end.hidden.isIdentical(to: second.sliced(axis: 1, 4..<5).reshaped([4, 7])))
    }

    @Test func oneInputServesForAllSteps() {
        var generator = RandomGenerator(seed: 4)
        let lstm = LSTM(3, 5, using: &generator)
        let code = generator.normal([2, 1, 3])
        let repeated = lstm(code.broadcast(to: [2, 6, 3])).outputs
        #expect(closeness(of: lstm(code, steps: 6).outputs, to: repeated, tolerance: 1e-6).passes)
    }

    @Test func itIsTheSameForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 5)
            let lstm = LSTM(3, 37, using: &generator)
            let input = generator.normal([11, 8, 3])
            func results(threads: Int) -> [Tensor] {
                Threads.count = threads
                let (value, gradient) = valueWithGradient(at: lstm) {
                    square($0(input).outputs).sum()
                }
                return [value] + gradient.tensors
            }
            let serial = results(threads: 1)
            for threads in [2, 3] {
                let isSame = zip(serial, results(threads: threads)).allSatisfy {
                    $0.isIdentical(to: $1)
                }
                #expect(isSame, "\(threads) threads")
            }
        }
    }

    @Test func inputsThatDoNotFitTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = LSTM(3, 4, using: &generator)(Tensor.zeros([2, 5, 4]))
        }
        #expect(
            message(of: result).contains(
                "LSTM: expected an input [batch, time, 3], found [2, 5, 4]"))
    }
}

@Suite struct MultiHeadAttentionTests {
    @Test func earlierTokensDoNotSeeLaterOnes() {
        var generator = RandomGenerator(seed: 1)
        let layer = MultiHeadAttention(6, heads: 2, isCausal: true, using: &generator)
        let input = generator.normal([1, 5, 6])
        let start = layer(input.sliced(axis: 1, 0..<3))
        let whole = layer(input).sliced(axis: 1, 0..<3)
        #expect(closeness(of: whole, to: start, tolerance: 1e-6).passes)
        let free = MultiHeadAttention(6, heads: 2, using: &generator)
        let difference = free(input).sliced(axis: 1, 0..<3) - free(input.sliced(axis: 1, 0..<3))
        #expect(abs(difference).max().scalar > 1e-3)
    }

    @Test func headsThatDoNotFitTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = MultiHeadAttention(6, heads: 4, using: &generator)
        }
        #expect(
            message(of: result).contains(
                "MultiHeadAttention: size 6 does not split into 4 heads"))
    }

    @Test func inputsThatDoNotFitTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = MultiHeadAttention(6, heads: 2, using: &generator)(Tensor.zeros([2, 5]))
        }
        #expect(
            message(of: result).contains(
                "MultiHeadAttention: expected an input [batch, tokens, 6], found [2, 5]"))
    }
}
