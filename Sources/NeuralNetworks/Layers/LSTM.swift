import Autograd

/// A recurrent layer with gated memory (Hochreiter and Schmidhuber, "Long Short-Term Memory",
/// 1997, with the forget gate of Gers et al., "Learning to Forget", 2000):
/// `[batch, time, inputs]` to `[batch, time, size]`.
///
/// ```swift
/// let (outputs, state) = lstm(sequence)
/// let (more, _) = lstm(continuation, from: state)
/// let (decoded, _) = decoder(code.expandingAxis(1), steps: 140)      // one input at all steps
/// ```
///
/// The rows of the parameters belong to the input gate, the forget gate, the new content of the
/// cell and the output gate, in this order. The equations stand at
/// ``longShortTermMemory(projections:recurrentWeights:hidden:cell:steps:)``.
public struct LSTM: Module {
    /// `[4 size, inputs]`.
    public var inputWeights: Tensor
    /// `[4 size, size]`.
    public var hiddenWeights: Tensor
    /// `[4 size]`.
    public var biases: Tensor

    /// What a sequence leaves for its continuation.
    public struct State: Differentiable, Sendable {
        /// The last output, `[batch, size]`.
        public var hidden: Tensor
        /// The memory, `[batch, size]`.
        public var cell: Tensor

        public init(hidden: Tensor, cell: Tensor) { (self.hidden, self.cell) = (hidden, cell) }

        public mutating func visitTensors(_ visit: (inout Tensor) -> Void) {
            visit(&hidden)
            visit(&cell)
        }
    }

    /// - Parameters:
    ///   - size: how many hidden units.
    ///   - initializer: of the weights, for each gate. The biases start at zero, but at 1 for the
    ///     forget gate, so that the cell remembers at first (Jozefowicz et al., "An Empirical
    ///     Exploration of Recurrent Network Architectures", 2015).
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
    ///   - state: where the sequence starts; zeros where not given.
    ///   - steps: how many steps to take with an input of one time, which then is that of all.
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
