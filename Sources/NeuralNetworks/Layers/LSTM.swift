import Autograd

/// A recurrent layer with gated memory (Hochreiter and Schmidhuber, "Long Short-Term Memory",
/// 1997, with the forget gate of Gers et al., "Learning to Forget", 2000):
/// `[batch, time, inputs]` to `[batch, time, size]`.
///
/// ```swift
/// let (outputs, state) = lstm(sequence)
/// let (more, _) = lstm(continuation, from: state)
/// let (decoded, _) = decoder(code.expandingAxis(1), steps: 140)      // same input at all steps
/// ```
///
/// The rows of the parameters belong, in this order, to the input gate, the forget gate, the new
/// cell content and the output gate. For the equations see
/// ``longShortTermMemory(projections:recurrentWeights:hidden:cell:steps:)``.
public struct LSTM: Module {
    /// The weights of the inputs, `[4 size, inputs]`.
    public var inputWeights: Tensor
    /// The recurrent weights, `[4 size, size]`.
    public var hiddenWeights: Tensor
    /// The biases, `[4 size]`.
    public var biases: Tensor

    /// The state after a sequence, from which it can be continued.
    public struct State: Differentiable, Sendable {
        /// The last output, `[batch, size]`.
        public var hidden: Tensor
        /// The memory, `[batch, size]`.
        public var cell: Tensor

        /// A state with the given tensors.
        public init(hidden: Tensor, cell: Tensor) { (self.hidden, self.cell) = (hidden, cell) }

        public mutating func visitTensors(_ visit: (inout Tensor) -> Void) {
            visit(&hidden)
            visit(&cell)
        }
    }

    /// - Parameters:
    ///   - size: the number of hidden units.
    ///   - initializer: of the weights, for each gate. The biases start at zero, except those of
    ///     the forget gate at 1, so that the cell remembers at first (Jozefowicz et al., "An
    ///     Empirical Exploration of Recurrent Network Architectures", 2015).
    public init(
        _ inputs: Int, _ size: Int, initializer: Initializer = .glorotUniform,
        using generator: inout RandomGenerator
    ) {
        inputWeights = initializer(
            [4 * size, inputs], fanIn: inputs, fanOut: size, using: &generator)
        hiddenWeights = initializer([4 * size, size], fanIn: size, fanOut: size, using: &generator)
        let zeros = Tensor.zeros([size])
        biases = concatenated([zeros, Tensor.ones([size]), zeros, zeros])
    }

    /// - Parameters:
    ///   - input: `[batch, time, inputs]`.
    ///   - state: the initial state; zeros if not given.
    ///   - steps: the number of steps if the input has a single time, which is then used at all of
    ///     them.
    /// - Returns: the output at each step, `[batch, time, size]`, and the state after the last.
    public func callAsFunction(
        _ input: Tensor, from state: State? = nil, steps: Int? = nil
    ) -> (outputs: Tensor, state: State) {
        guard input.rank == 3, input.shape[2] == inputWeights.shape[1] else {
            programmerError(
                "LSTM",
                "expected an input [batch, time, \(inputWeights.shape[1])], found \(input.shape)")
        }
        let size = hiddenWeights.shape[1]
        let start = state ?? .zeros([input.shape[0], size], dataType: input.dataType)
        let (outputs, cell) = longShortTermMemory(
            projections: matmul(input, inputWeights, transposingRight: true) + biases,
            recurrentWeights: hiddenWeights, hidden: start.hidden, cell: start.cell, steps: steps)
        let time = outputs.shape[1]
        let hidden =
            time == 0
            ? start.hidden
            : outputs.sliced(axis: 1, time - 1..<time).reshaped(start.hidden.shape)
        return (outputs, State(hidden: hidden, cell: cell))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("inputWeights", &inputWeights)
        visitor("hiddenWeights", &hiddenWeights)
        visitor("biases", &biases)
    }
}

extension LSTM.State {
    fileprivate static func zeros(_ shape: [Int], dataType: DataType) -> LSTM.State {
        LSTM.State(
            hidden: Tensor.zeros(shape, dataType: dataType),
            cell: Tensor.zeros(shape, dataType: dataType))
    }
}
