import Autograd
import Datasets

/// A model of tables that processes a row several times: missing cells are filled from its own
/// reconstruction, which is then reconstructed again.
///
/// The first guess of a missing cell does not use the other missing ones; later guesses do. All
/// rounds are used in training too.
public struct IterativeImputation<Model: AutoencoderModel>: AutoencoderModel, Completes {
    /// The model that is applied in each round.
    public var model: Model
    /// The layout of the table.
    public let layout: TableLayout
    /// How often a row is reconstructed; with 1 the model is used alone.
    public let rounds: Int

    /// Traps if the number of rounds is not positive.
    public init(_ model: Model, layout: TableLayout, rounds: Int) {
        guard rounds >= 1 else { programmerError("IterativeImputation", "\(rounds) rounds") }
        self.model = model
        self.layout = layout
        self.rounds = layout.hasOptionalCells ? rounds : 1
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        model.prepared(batch, in: &context)
    }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Model.Output {
        var filled = batch
        for _ in 1..<rounds(for: batch) {
            let guess = model(filled, in: &context).likelihood.mean
            // As a separate pass would do, whose terms draw from the generator.
            _ = context.generatorForTerms()
            filled.input = layout.filling(batch.input, from: guess)
        }
        return model(filled, in: &context)
    }

    public func encode(_ batch: Batch) -> Tensor {
        var filled = batch
        for _ in 1..<rounds(for: batch) {
            filled.input = layout.filling(batch.input, from: model.reconstruct(filled))
        }
        return model.encode(filled)
    }

    /// One round is enough if no cell is missing.
    private func rounds(for batch: Batch) -> Int {
        guard rounds > 1 else { return 1 }
        let isThere = layout.presence(of: batch.input.flattened())
        return isThere.min().scalar > 0 ? 1 : rounds
    }

    public func decode(_ code: Tensor) -> Tensor { model.decode(code) }

    public func complete(_ batch: Batch) -> Tensor {
        layout.filling(batch.input, from: reconstruct(batch))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}
