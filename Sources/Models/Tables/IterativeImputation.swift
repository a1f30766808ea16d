import Autograd
import Datasets

/// A model of tables that goes over a row several times: what is missing it fills from its own
/// reconstruction, and reconstructs again.
///
/// The first guess at a missing cell knows nothing of the other missing ones; the next does. It is
/// trained as it is used, through all rounds.
public struct IterativeImputation<Model: AutoencoderModel>: AutoencoderModel, Completes {
    public var model: Model
    public let layout: TableLayout
    /// How often a row is reconstructed; 1 is the model alone.
    public let rounds: Int

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
        for _ in 1..<rounds {
            let guess = model(filled, in: &context).likelihood.mean
            // As a pass of its own, whose terms would have drawn from it.
            _ = context.generatorForTerms()
            filled.input = layout.filling(batch.input, from: guess)
        }
        return model(filled, in: &context)
    }

    public func encode(_ batch: Batch) -> Tensor {
        var filled = batch
        for _ in 1..<rounds {
            filled.input = layout.filling(batch.input, from: model.reconstruct(filled))
        }
        return model.encode(filled)
    }

    public func decode(_ code: Tensor) -> Tensor { model.decode(code) }

    public func complete(_ batch: Batch) -> Tensor {
        layout.filling(batch.input, from: reconstruct(batch))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}
