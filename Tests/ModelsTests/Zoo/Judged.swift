import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

/// A program whose model and objective can be looked at apart.
protocol Judged {
    func checkShapes(_ input: Tensor)
    func checkGradients(_ input: Tensor) -> GradientCheckResult
    /// The losses of training on one batch.
    func losses(on samples: Tensor, steps: Int) -> [Double]
}

extension SingleObjective: Judged {
    func checkShapes(_ input: Tensor) {
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = model.pass(input, in: &context)
        if let likelihood = (pass.output as? any HasLikelihood)?.likelihood {
            let target = pass.batch.target
            let rows = (pass.output as? any HasDraws)?.draws.repeated(target) ?? target
            #expect(likelihood.mean.shape == rows.shape)
            #expect(likelihood.sample(using: &context.generator).shape == rows.shape)
        }
        #expect(objective(pass).total.shape == [])
        #expect(objective(pass).terms.count == objective.parts.count)
        guard let output = pass.output as? any HasEncoder else { return }
        #expect(output.code.shape.prefix(2) == [output.draws.count * input.shape[0], 4])
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
            return objective(model.pass(input, in: &context)).total
        }
    }

    func losses(on samples: Tensor, steps: Int) -> [Double] {
        var model = model
        var optimizer = Adam(for: model, learningRate: 0.01)
        var context = PassContext.training(RandomGenerator(seed: 1))
        return (0..<steps).map { _ in
            let (loss, gradients) = valueWithGradient(at: model) {
                objective($0.pass(samples, in: &context)).total
            }
            context.commit(to: &model)
            optimizer.update(&model, along: gradients)
            return loss.scalar
        }
    }
}
