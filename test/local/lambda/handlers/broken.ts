throw new RangeError('this module never loads');
