import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExponentialMovingAverageTests {
    private func point(_ value: Double) -> Point { Point(position: Tensor([value])) }

    // From 8 with decay ½ over 4 and 2: (8 + 4) / 2 = 6, (6 + 2) / 2 = 4.
    @Test func averagesWithExponentialWeights() {
        var average = ExponentialMovingAverage(of: point(8), decay: 0.5)
        #expect(average.model.position.scalar == 8)
        average.update(with: point(4))
        #expect(average.model.position.scalar == 6)
        average.update(with: point(2))
        #expect(average.model.position.scalar == 4)
    }

    // From 0: 2 over 1 − ½ is 4; (2 + 2) / 2 = 2 over 1 − ¼ is 8/3.
    @Test func correctedForItsStart() {
        var average = ExponentialMovingAverage(of: point(8), decay: 0.5, correctsBias: true)
        average.update(with: point(4))
        #expect(average.model.position.scalar == 4)
        average.update(with: point(2))
        #expect(abs(average.model.position.scalar - 8.0 / 3) < 1e-15)
        #expect(average.allTensors.map(\.path) == ["average.position", "steps"])
        #expect(average.parameters.isEmpty)
    }

    @Test func stateIsTheLatest() {
        var model = BatchNormalization(1)
        var average = ExponentialMovingAverage(of: model, decay: 0.5)
        model.runningMean = Tensor([5] as [Float])
        model.weight = Tensor([3] as [Float])
        average.update(with: model)
        #expect(average.model.runningMean.scalar == 5)
        #expect(average.model.weight.scalar == 2)
    }

    /// What passes learn is averaged with the parameters, as a codebook with its encoder.
    @Test func learnedStateIsAveraged() {
        struct Learner: Module {
            var codes: Tensor
            var count: Tensor
            mutating func visit(_ visitor: inout ModuleVisitor) {
                visitor.learnedState("codes", &codes)
                visitor.state("count", &count)
            }
        }
        let (first, second) = (
            Learner(codes: Tensor([8.0]), count: Tensor([1.0])),
            Learner(codes: Tensor([4.0]), count: Tensor([2.0]))
        )
        var average = ExponentialMovingAverage(of: first, decay: 0.5)
        average.update(with: second)
        #expect(average.model.codes.scalar == 6 && average.model.count.scalar == 2)
        var corrected = ExponentialMovingAverage(of: first, decay: 0.5, correctsBias: true)
        corrected.update(with: second)
        #expect(corrected.model.codes.scalar == 4 && corrected.model.count.scalar == 2)
        #expect(first.parameters.isEmpty && first.allTensors.map(\.path) == ["codes", "count"])
        var (states, copy) = (0, first)
        copy.visitState { _ in states += 1 }
        #expect(states == 2)
    }

    @Test func theModelItselfStays() {
        let model = point(8)
        var average = ExponentialMovingAverage(of: model, decay: 0.5)
        average.update(with: point(0))
        #expect(model.position.scalar == 8)
    }

    @Test func correctedWithoutStepsTraps() async {
        await #expect(processExitsWith: .failure) {
            _ =
                ExponentialMovingAverage(
                    of: BatchNormalization(1), decay: 0.5, correctsBias: true
                ).model
        }
    }
}
