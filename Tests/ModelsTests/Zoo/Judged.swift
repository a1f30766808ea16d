import Autograd
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// A program whose model and objective can be looked at apart.
protocol Judged {
    func checkShapes(_ input: Tensor, codeSize: Int)
    func checkGradients(_ input: Tensor) -> GradientCheckResult
    /// The losses of training on one batch.
    func losses(on samples: Tensor, steps: Int) -> [Double]
}

extension SingleObjective: Judged {
    func checkShapes(_ input: Tensor, codeSize: Int) {
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = model.pass(.labelled(input), in: &context)
        if let likelihood = (pass.output as? any HasLikelihood)?.likelihood {
            let target = pass.batch.target
            let rows = (pass.output as? any HasDraws)?.draws.repeated(target) ?? target
            #expect(likelihood.mean.shape == rows.shape)
            #expect(likelihood.sample(using: &context.generator).shape == rows.shape)
        }
        #expect(objective(pass).total.shape == [])
        #expect(objective(pass).terms.count == objective.parts.count)
        guard let output = pass.output as? any HasEncoder else { return }
        #expect(output.code.shape.prefix(2) == [output.draws.count * input.shape[0], codeSize])
        let code = output.encode(output.encoderInput)
        #expect(code.shape == [input.shape[0]] + output.code.shape.dropFirst())
    }

    func checkGradients(_ input: Tensor) -> GradientCheckResult {
        // Away from where all begins at zero, and rectifiers with it: there they have a kink.
        var generator = RandomGenerator(seed: 6)
        let moved = model.replacingTensors(
            with: model.tensors.map { $0 + 0.1 * generator.normal($0.shape) })
        return gradientCheck(at: moved, mode: .directional()) { model in
            var context = PassContext.training(RandomGenerator(seed: 1))
            return objective(model.pass(.labelled(input), in: &context)).total
        }
    }

    func losses(on samples: Tensor, steps: Int) -> [Double] {
        var model = model
        var optimizer = Adam(for: model, learningRate: 0.01)
        var context = PassContext.training(RandomGenerator(seed: 1))
        return (0..<steps).map { _ in
            let (loss, gradients) = valueWithGradient(at: model) {
                objective($0.pass(.labelled(samples), in: &context)).total
            }
            context.commit(to: &model)
            optimizer.update(&model, along: gradients)
            return loss.scalar
        }
    }
}

/// The critic stays as it is.
extension WithCritic: Judged {
    func checkShapes(_ input: Tensor, codeSize: Int) {
        training(with: critic).checkShapes(input, codeSize: codeSize)
    }

    func checkGradients(_ input: Tensor) -> GradientCheckResult {
        training(with: critic.cast(to: input.dataType)).checkGradients(input)
    }

    func losses(on samples: Tensor, steps: Int) -> [Double] {
        training(with: critic).losses(on: samples, steps: steps)
    }
}

/// Of adversaries there is no loss that tells how good they are, and gradients of one part alone.
extension Alternating: Judged {
    func checkShapes(_ input: Tensor, codeSize: Int) {
        var context = PassContext.evaluation(RandomGenerator(seed: 1))
        let measured = evaluate(model, on: .labelled(input), in: &context)
        #expect(measured.count >= 2 && measured.allSatisfy(\.value.isFinite))
        guard let model = model as? any Generates else { return }
        let made = model.sample(3, using: &context.generator)
        #expect(made.shape == [3] + input.shape.dropFirst())
    }

    func checkGradients(_ input: Tensor) -> GradientCheckResult {
        fatalError("adversaries have no common loss")
    }

    func losses(on samples: Tensor, steps: Int) -> [Double] {
        var (program, generator) = (self, RandomGenerator(seed: 1))
        return (0..<steps).map { number in
            var step = TrainingStep(
                number: number, progress: 0, epoch: 1, batch: number + 1,
                positions: Array(0..<samples.shape[0]), learningRateFactor: 1, clipping: nil,
                exchange: nil, generator: generator)
            let losses = try? program.step(.labelled(samples), &step)
            generator = step.generator
            return losses?.first?.value ?? .nan
        }
    }
}
